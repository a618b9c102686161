package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.deid.DeidCorpus;
import dev.galen.examples.clinical.deid.TaggerTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code galen clinical deid-train}. */
@Command(
    name = "deid-train",
    description = {
      "Train a token classifier of identifiers on synthetic notes, for `deidentify --model`.",
      "Its training part shares neither sentences nor names with the part that deid-corpus writes"
          + " for tests."
    },
    mixinStandardHelpOptions = true)
final class DeidTrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--documents",
      paramLabel = "N",
      description = "How many notes (default: ${DEFAULT-VALUE}).")
  private int documents = 1000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of everything random (default: ${DEFAULT-VALUE}).")
  private long seed = 42;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where the model goes; after a kill the same command goes on.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    if (documents < 1) {
      throw new ParameterException(
          spec.commandLine(), "--documents is " + documents + ", must be at least 1");
    }
    TaggerTraining small = TaggerTraining.SMALL;
    new TaggerTraining(small.channels(), small.layers(), small.vocabulary(), small.epochs(), seed)
        .run(
            DeidCorpus.make(false, documents, seed),
            out,
            line -> System.err.println("galen: " + line));
    System.out.println("saved      " + out);
    return 0;
  }
}
