package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.task.ChoiceTask;
import dev.galen.examples.clinical.task.TaskDocuments;
import dev.galen.examples.clinical.task.TaskSettings;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code galen clinical choice}. */
@Command(
    name = "choice",
    description = {
      "Choose among the options of questions by likelihood, and report it beside guessing.",
      "Made for MedQA. The model is --model, or a new one that learns the texts of --train."
    },
    mixinStandardHelpOptions = true)
final class ChoiceCommand implements Callable<Integer> {
  @Mixin private TaskOptions options;

  @Override
  public Integer call() throws IOException {
    TaskSettings settings = options.settings();
    TaskDocuments train = options.hasTrain() ? options.train() : null;
    ChoiceTask.run(train, options.test(ChoiceTask.LABEL), settings);
    options.tell();
    return 0;
  }
}
