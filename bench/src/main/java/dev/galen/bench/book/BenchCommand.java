package dev.galen.bench.book;

import dev.galen.bench.peer.LlmcPeer;
import dev.galen.bench.peer.PythonPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code galen bench}. */
@Command(
    name = "galen bench",
    description = "Measure Galen on this machine, alone or beside its peers.",
    footer = {
      "",
      "`galen bench ops [JMH OPTIONS]` times every operation by itself (--help, -l),",
      "`galen bench jmh [JMH OPTIONS]` is JMH's own command line."
    })
public final class BenchCommand implements Callable<Integer> {
  private static final int BAD_INPUT = 2;
  private static final int FAULT = 1;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "Rows to measure, by the beginning of their names (default: all).")
  private List<String> names = List.of();

  @Option(names = "--list", description = "Print the names and end.")
  private boolean list;

  @Option(
      names = "--peers",
      description =
          "Measure the peers that are on this machine in turn with Galen; GALEN_PYTHON names a"
              + " python with torch, transformers, peft, tiktoken (default: python3).")
  private boolean peers;

  @Option(
      names = "--llmc",
      paramLabel = "DIR",
      description = "llm.c's sources: compiles its CPU program and measures it as well.")
  private Path llmc;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = "Text for tokenizers (default: licences and manual pages of the JDK).")
  private Path text;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Samples of each row, whose median counts (default ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where table and results go (default: target/bench/ and the time).")
  private Path out;

  @Option(
      names = "--json",
      description = "Print one JSON object per line; everything else goes to standard error.")
  private boolean json;

  @Option(names = "--debug", description = "Print where an error happened.")
  private boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Explain this command.")
  private boolean help;

  private BenchCommand() {}

  /** Runs the command: 0 for success, 2 for bad input, 1 for a fault of Galen's own. */
  public static int run(String... args) {
    var commandLine = new CommandLine(new BenchCommand());
    commandLine.setParameterExceptionHandler(BenchCommand::explain);
    commandLine.setExecutionExceptionHandler(
        (fault, command, result) -> report(fault, result.hasMatchedOption("--debug")));
    return commandLine.execute(args);
  }

  private static int explain(ParameterException fault, String[] args) {
    String message = fault.getMessage().lines().collect(Collectors.joining("; "));
    System.err.println("galen: " + message + "; see `galen bench --help`");
    return BAD_INPUT;
  }

  private static int report(Exception fault, boolean debug) {
    Throwable cause = fault instanceof UncheckedIOException io ? io.getCause() : fault;
    if (debug) {
      cause.printStackTrace();
    }
    boolean expected = cause instanceof IOException || cause instanceof IllegalArgumentException;
    String message = String.valueOf(cause.getMessage()).lines().collect(Collectors.joining("; "));
    System.err.println(
        expected
            ? "galen: " + message
            : "galen: internal error: " + cause + "; --debug prints where");
    return expected ? BAD_INPUT : FAULT;
  }

  @Override
  public Integer call() throws IOException {
    requireOptions();
    var home = Path.of(System.getProperty("galen.home", ""));
    Machine here = Machine.here(home);
    Book alone = Book.of(Peers.none(), home, text);
    if (list) {
      alone.names().forEach(System.out::println);
      return 0;
    }
    List<Row> wanted = alone.select(names); // refuses a wrong name before anything starts
    Path directory = out != null ? out : freshDirectory(home);
    requireDirectory(directory);
    Report report;
    try (Peers others = startPeers(here.threads())) {
      Machine machine = others.python().map(p -> here.withPython(p.versions())).orElse(here);
      progress("measuring %d rows on %s", wanted.size(), machine);
      if (machine.isBusy()) {
        progress("other programs are running here; figures will be theirs as well");
      }
      Calibration before = Calibration.measure(machine.threads());
      List<Measured> rows = measure(Book.of(others, home, text), machine, before, directory);
      Calibration limits = before.best(Calibration.measure(machine.threads()));
      if (json) {
        limits.rows().forEach(BenchCommand::print);
      }
      report = new Report(machine, limits, rows);
    }
    if (!json) {
      System.out.print(report.markdown());
    }
    report.write(directory);
    progress("written to %s", directory);
    return 0;
  }

  private void requireOptions() throws IOException {
    if (runs < 1) {
      throw new ParameterException(spec.commandLine(), "--runs must be at least 1, not " + runs);
    }
    if (names.stream().anyMatch(String::isBlank)) {
      throw new ParameterException(spec.commandLine(), "a row's name is empty");
    }
    if (text != null && (!Files.isRegularFile(text) || Files.size(text) == 0)) {
      throw new ParameterException(
          spec.commandLine(), "--text " + text + " is no file, or an empty one");
    }
  }

  /** Before anything is measured that could then not be written. */
  private void requireDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "--out " + directory + " cannot be made: " + e.getMessage(), e);
    }
  }

  /** Writes after every row, so that a run that is cut off keeps what it has measured. */
  private List<Measured> measure(Book book, Machine machine, Calibration limits, Path directory)
      throws IOException {
    var timer = Interleaved.of(runs);
    var measured = new ArrayList<Measured>();
    List<Row> rows = book.select(names);
    for (Row row : rows) {
      progress("[%d/%d] %s", measured.size() + 1, rows.size(), row.name());
      Measured result = row.measure(timer);
      measured.add(result);
      new Report(machine, limits, measured).write(directory);
      if (json) {
        print(result);
      }
    }
    List<Measured> all = book.withMean(measured);
    if (json) {
      all.stream().filter(row -> !measured.contains(row)).forEach(BenchCommand::print);
    }
    return all;
  }

  private Peers startPeers(int threads) throws IOException {
    Optional<LlmcPeer> program =
        llmc == null ? Optional.empty() : Optional.of(LlmcPeer.compile(llmc));
    Optional<PythonPeer> python = peers ? PythonPeer.start(threads) : Optional.empty();
    if (peers && python.flatMap(p -> p.version("torch")).isEmpty()) {
      progress("no python3 with torch here, so no PyTorch; GALEN_PYTHON names another python");
    }
    return new Peers(peers, threads, python, program);
  }

  /** Where results go unless the user says so. */
  static Path freshDirectory(Path home) {
    String stamp = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    return home.resolve(Path.of("target", "bench", stamp));
  }

  private static void print(Measured row) {
    Report.lines(row).forEach(System.out::println);
  }

  private static void progress(String format, Object... values) {
    System.err.println("galen: " + format.formatted(values));
  }
}
