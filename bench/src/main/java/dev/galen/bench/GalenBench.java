package dev.galen.bench;

import dev.galen.tensor.testing.OpCase;
import dev.galen.tensor.testing.OpCatalog;
import java.io.IOException;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks: JMH's own command line, or {@code ops} for the whole catalogue. */
public final class GalenBench {
  private GalenBench() {}

  /** {@code ops} times every operation of the catalogue; anything else goes to JMH. */
  public static void main(String[] args) throws IOException, RunnerException {
    if (args.length == 1 && args[0].equals("ops")) {
      String[] names = OpCatalog.cases(2, 2).stream().map(OpCase::name).toArray(String[]::new);
      new Runner(
              new OptionsBuilder()
                  .include(OpBenchmark.class.getSimpleName())
                  .param("op", names)
                  .build())
          .run();
    } else {
      Main.main(args);
    }
  }
}
