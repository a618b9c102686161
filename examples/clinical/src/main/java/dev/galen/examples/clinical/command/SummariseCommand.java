package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.task.SummaryTask;
import dev.galen.examples.clinical.task.TaskDocuments;
import dev.galen.examples.clinical.task.TaskSettings;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code galen clinical summarise}. */
@Command(
    name = "summarise",
    description = {
      "Learn to write notes of dialogues, and report ROUGE beside lead-k and an extractive summary.",
      "Made for MTS-Dialog and ACI-Bench; documents with a field dialogue do as well."
    },
    mixinStandardHelpOptions = true)
final class SummariseCommand implements Callable<Integer> {
  @Mixin private TaskOptions options;

  @Override
  public Integer call() throws IOException {
    TaskSettings settings = options.settings();
    TaskDocuments train = options.train(SummaryTask.DIALOGUE);
    TaskDocuments test = options.test(SummaryTask.DIALOGUE);
    SummaryTask.run(train, test, settings);
    options.tell();
    return 0;
  }
}
