package dev.galen.examples.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code galen train}. */
@Command(
    name = "train",
    description =
        "Train a model from random weights or from --model; the same options as finetune, but data"
            + " and output have no default.")
final class TrainCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private TrainingOptions options;

  @Override
  public Integer call() throws IOException {
    SpecFiles.takeRecipe(options);
    if (options.out == null && options.spec == null) {
      throw new IllegalArgumentException("train needs --out DIR");
    }
    if (options.data.isEmpty() && options.spec == null) {
      throw new IllegalArgumentException("train needs --data FILE");
    }
    return new TrainingJob("train", common, options).run();
  }
}
