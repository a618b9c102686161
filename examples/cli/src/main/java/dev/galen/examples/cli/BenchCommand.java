package dev.galen.examples.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code galen bench}, which the launcher runs with libraries of its own before this class is ever
 * asked: here so that the help lists it.
 */
@Command(name = "bench", description = "Measure Galen on this machine, alone or beside its peers.")
final class BenchCommand implements Callable<Integer> {
  @Parameters(hidden = true)
  private List<String> ignored = new ArrayList<>();

  @Override
  public Integer call() {
    throw new IllegalArgumentException(
        "bench needs libraries that are not on this class path; type `./galen bench` in Galen's"
            + " folder");
  }
}
