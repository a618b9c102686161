package dev.galen.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code galen finetune}. */
@Command(
    name = "finetune",
    description = {
      "Fine-tune a GPT-2 on questions or text, measure it before and after, and save it in"
          + " HuggingFace's layout.",
      "Without options: a small GPT-2 on the clinical corpus that Galen carries, into"
          + " ./galen-finetune, in under three minutes on two free cores."
    })
final class FinetuneCommand implements Callable<Integer> {
  private static final Path DEFAULT_OUT = Path.of("galen-finetune");

  @Mixin private CommonOptions common;
  @Mixin private TrainingOptions options;

  @Override
  public Integer call() throws IOException {
    SpecFiles.takeRecipe(options);
    if (options.out == null && options.spec == null) {
      options.out = DEFAULT_OUT;
    }
    return new TrainingJob("finetune", common, options).run();
  }
}
