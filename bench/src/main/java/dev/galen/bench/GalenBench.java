package dev.galen.bench;

import dev.galen.bench.book.BenchCommand;
import dev.galen.tensor.testing.OpCase;
import dev.galen.tensor.testing.OpCatalog;
import java.io.IOException;
import java.util.Arrays;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** {@code galen bench}: the book, or JMH. */
public final class GalenBench {
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
    String[] names = OpCatalog.cases(2, 2).stream().map(OpCase::name).toArray(String[]::new);
    try {
      new Runner(
              new OptionsBuilder()
                  .parent(new CommandLineOptions(args))
                  .include(OpBenchmark.class.getSimpleName())
                  .param("op", names)
                  .build())
          .run();
    } catch (CommandLineOptionException e) {
      System.err.println("galen: " + e.getMessage());
      System.exit(2);
    }
  }
}
