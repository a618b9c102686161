package dev.galen.bench.book;

import dev.galen.bench.OpBenchmark;
import dev.galen.bench.OpCases;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.testing.OpCase;
import dev.galen.tensor.testing.OpCatalog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/** {@code galen bench ops}: every operation by itself, by JMH, beside the machine's limits. */
public final class OpsCommand {
  /** GPT-2's activations for 256 tokens, and a size that no vector and no block divides. */
  private static final List<String> SHAPES = List.of("256x768", "207x769");

  /** The same for attention: 11 heads of 69. */
  private static final List<String> GPT2_SHAPES = List.of("256x768", "207x759");

  /** Few tokens' logits over GPT-2's vocabulary. */
  private static final String SCORES = "13x50257";

  /** What is multiplied with the vocabulary for them. */
  private static final List<String> HIDDEN = List.of("13x768");

  private static final Set<String> OVER_THE_VOCABULARY =
      Set.of("CrossEntropy", "Sample", "Softmax", "LogSoftmax");

  private static final String USAGE =
      """
      Usage: galen bench ops [-l] [-p op=NAME,...] [-p shape=ROWSxCOLUMNS,...] [JMH OPTIONS]
      Time every operation forward and backward by itself: most of an hour.
        -l, --list          Print the names of the operations with their shapes, and end.
        -p op=NAME,...      Only operations whose names begin so, such as op=Linear,Softmax.
        -p shape=RxC,...    At these shapes instead of those listed.
        -f 1 -wi 1 -i 2     One process, one warm-up, two samples: quick, and rough.
        -prof gc            What they allocate as well.
        -h, --help          Explain this command, and JMH's options, which all are taken.
      """;

  private final CommandLineOptions user;
  private final Path directory;

  private OpsCommand(CommandLineOptions user, Path directory) {
    this.user = user;
    this.directory = directory;
  }

  /**
   * Times what JMH's options choose: {@code -p op=...}, the beginnings of names, and {@code -p
   * shape=...} come before ours. The report is written anew after every operation.
   *
   * <p>{@code -h}, {@code -l} and JMH's other questions are answered, and nothing is timed.
   *
   * @return 0 for success, 1 if an operation failed or differs from the reference, 2 for options
   *     that JMH does not know or names that no operation has
   */
  public static int run(String... args) throws IOException, RunnerException {
    var home = Path.of(System.getProperty("galen.home", ""));
    return run(Machine.here(home), BenchCommand.freshDirectory(home), args);
  }

  static int run(Machine machine, Path directory, String... args)
      throws IOException, RunnerException {
    try {
      var user = new CommandLineOptions(jmhOptions(args));
      if (explained(user)) {
        return 0;
      }
      return new OpsCommand(user, directory).measure(machine) ? 0 : 1;
    } catch (CommandLineOptionException | IllegalArgumentException e) {
      System.err.println("galen: " + e.getMessage() + "; see `galen bench ops --help`");
      return 2;
    }
  }

  /** JMH knows the short names alone. */
  private static String[] jmhOptions(String... args) {
    return Arrays.stream(args)
        .map(
            word ->
                switch (word) {
                  case "--help" -> "-h";
                  case "--list" -> "-l";
                  default -> word;
                })
        .toArray(String[]::new);
  }

  /** Answers what asks for words instead of figures, and says whether it was that. */
  private static boolean explained(CommandLineOptions user) throws IOException {
    if (user.shouldHelp()) {
      System.out.println(USAGE);
      user.showHelp();
    } else if (user.shouldList() || user.shouldListWithParams()) {
      everything()
          .forEach((name, shapes) -> System.out.println(name + "  " + String.join(" ", shapes)));
    } else if (user.shouldListProfilers()) {
      user.listProfilers();
    } else if (user.shouldListResultFormats()) {
      user.listResultFormats();
    } else {
      return false;
    }
    return true;
  }

  /** Whether all operations were right. */
  private boolean measure(Machine machine) throws IOException, RunnerException {
    Map<String, List<String>> work = chosen();
    Calibration limits = Calibration.measure(machine.threads());
    var rows = new ArrayList<Measured>();
    var failed = new ArrayList<String>();
    int count = 0;
    for (Map.Entry<String, List<String>> entry : work.entrySet()) {
      count++;
      System.err.printf("galen: [%d/%d] %s%n", count, work.size(), entry.getKey());
      List<Measured> found = time(entry.getKey(), entry.getValue());
      if (found.size() < entry.getValue().size()) {
        failed.add(entry.getKey());
      }
      rows.addAll(found);
      new OpsReport(machine, limits, rows).write(directory);
    }
    limits = limits.best(Calibration.measure(machine.threads()));
    var report = new OpsReport(machine, limits, rows);
    report.write(directory);
    System.out.print(report.markdown());
    System.err.println("galen: written to " + directory);
    if (!failed.isEmpty()) {
      System.err.println("galen: failed, and JMH says above why: " + failed);
    }
    return failed.isEmpty();
  }

  /** Names of operations with the shapes that each is timed at. */
  private Map<String, List<String>> chosen() {
    if (!user.getIncludes().isEmpty()) { // which JMH would look for among our classes
      String word = user.getIncludes().getFirst();
      throw new IllegalArgumentException(
          "'%s' chooses nothing; operations are chosen by -p op=%s".formatted(word, word));
    }
    Map<String, List<String>> all = everything();
    for (String shape : user.getParameter("shape").orElse(List.of())) {
      if (!shape.matches("[1-9][0-9]{0,8}x[1-9][0-9]{0,8}")) {
        throw new IllegalArgumentException(
            "shape '%s' is not ROWSxCOLUMNS, such as %s".formatted(shape, SHAPES.getFirst()));
      }
    }
    var chosen = new LinkedHashMap<String, List<String>>();
    for (String asked : user.getParameter("op").orElse(List.of(""))) {
      List<String> found = all.keySet().stream().filter(name -> name.startsWith(asked)).toList();
      if (found.isEmpty()) {
        throw new IllegalArgumentException(
            "no operation's name begins with '%s'; there are %s".formatted(asked, all.keySet()));
      }
      for (String name : found) {
        chosen.put(name, List.copyOf(user.getParameter("shape").orElse(all.get(name))));
      }
    }
    return chosen;
  }

  static Map<String, List<String>> everything() {
    var all = new LinkedHashMap<String, List<String>>();
    for (OpCase op : OpCatalog.cases(2, 2)) {
      var shapes = new ArrayList<>(SHAPES);
      if (OVER_THE_VOCABULARY.contains(op.op())) {
        shapes.add(SCORES);
      }
      all.put(op.name(), shapes);
    }
    for (OpCase op : OpCases.ofGpt2(2, 2)) {
      all.put(op.name(), op.name().equals(OpCases.VOCABULARY) ? HIDDEN : GPT2_SHAPES);
    }
    return all;
  }

  private List<Measured> time(String name, List<String> shapes)
      throws IOException, RunnerException {
    Steal before = Steal.now();
    var options =
        new OptionsBuilder()
            .parent(user)
            .include(OpBenchmark.class.getSimpleName())
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.MICROSECONDS)
            .param("op", name)
            .param("shape", shapes.toArray(String[]::new))
            .build();
    PrintStream out = System.out;
    Collection<RunResult> results;
    System.setOut(System.err); // standard output is for the table
    try {
      results = new Runner(options).run();
    } finally {
      System.setOut(out);
    }
    double steal = Steal.now().since(before);
    var rows = new ArrayList<Measured>();
    for (RunResult result : results) {
      rows.add(row(name, result, steal));
    }
    return rows;
  }

  private static Measured row(String name, RunResult result, double steal) {
    String shape = result.getParams().getParam("shape");
    Statistics micros = result.getPrimaryResult().getStatistics();
    double median = micros.getPercentile(50);
    double spread = (micros.getPercentile(75) - micros.getPercentile(25)) / median;
    return new Measured(
        "ops/" + name + "/" + shape,
        Unit.MICROSECONDS,
        median,
        spread,
        steal,
        cost(name, shape),
        median * 1e-6,
        List.of());
  }

  private static Cost cost(String name, String shape) {
    String[] dims = shape.split("x");
    OpCase op =
        OpCases.at(Integer.parseInt(dims[0]), Integer.parseInt(dims[1])).stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow();
    try (var scope = MemoryScope.open("shapes");
        var off = Autograd.noGrad()) {
      return OpCost.of(op, op.run().apply(op.draw(Device.CPU, DType.F32, 1)));
    }
  }
}
