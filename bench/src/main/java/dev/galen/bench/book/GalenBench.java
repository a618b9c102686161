package dev.galen.bench.book;

import java.io.IOException;
import java.util.Arrays;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.RunnerException;

/** {@code galen bench}: the book, or JMH. */
public final class GalenBench {
  private GalenBench() {}

  /**
   * {@code ops} times every operation by itself, {@code jmh} is JMH's own command line, anything
   * else is the book's.
   */
  public static void main(String[] args) throws IOException, RunnerException {
    String first = args.length == 0 ? "" : args[0];
    switch (first) {
      case "ops" -> System.exit(OpsCommand.run(tail(args)));
      case "jmh" -> Main.main(tail(args));
      default -> System.exit(BenchCommand.run(args));
    }
  }

  private static String[] tail(String[] args) {
    return Arrays.copyOfRange(args, 1, args.length);
  }
}
