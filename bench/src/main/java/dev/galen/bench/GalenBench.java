package dev.galen.bench;

import dev.galen.bench.book.BenchCommand;
import dev.galen.tensor.testing.OpCase;
import dev.galen.tensor.testing.OpCatalog;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** {@code galen bench}: the book, or JMH. */
public final class GalenBench {
  /** GPT-2's activations for 256 tokens, and a size that no vector and no block divides. */
  private static final String[] SHAPES = {"256x768", "207x769"};

  /** Few tokens' scores over GPT-2's vocabulary. */
  private static final String[] VOCABULARY = {"13x50257"};

  private static final Set<String> OVER_THE_VOCABULARY =
      Set.of("CrossEntropy", "Softmax", "LogSoftmax");

  private GalenBench() {}

  /**
   * {@code ops} times every operation of the catalogue, {@code jmh} is JMH's own command line,
   * anything else is the book's.
   */
  public static void main(String[] args) throws IOException, RunnerException {
    String first = args.length == 0 ? "" : args[0];
    switch (first) {
      case "ops" -> ops(tail(args));
      case "jmh" -> Main.main(tail(args));
      default -> System.exit(BenchCommand.run(args));
    }
  }

  private static String[] tail(String[] args) {
    return Arrays.copyOfRange(args, 1, args.length);
  }

  private static void ops(String[] args) throws RunnerException {
    try {
      var user = new CommandLineOptions(args);
      time(user, op -> true, SHAPES);
      time(user, OVER_THE_VOCABULARY::contains, VOCABULARY);
    } catch (CommandLineOptionException e) {
      System.err.println("galen: " + e.getMessage());
      System.exit(2);
    }
  }

  /** A user's own {@code -p op=...} or {@code -p shape=...} comes before ours. */
  private static void time(CommandLineOptions user, Predicate<String> ops, String[] shapes)
      throws RunnerException {
    String[] names =
        OpCatalog.cases(2, 2).stream()
            .filter(opCase -> ops.test(opCase.op()))
            .map(OpCase::name)
            .filter(name -> user.getParameter("op").orElse(List.of(name)).contains(name))
            .toArray(String[]::new);
    if (names.length > 0) {
      String[] sizes = user.getParameter("shape").orElse(List.of(shapes)).toArray(String[]::new);
      new Runner(
              new OptionsBuilder()
                  .parent(user)
                  .include(OpBenchmark.class.getSimpleName())
                  .param("op", names)
                  .param("shape", sizes)
                  .build())
          .run();
    }
  }
}
