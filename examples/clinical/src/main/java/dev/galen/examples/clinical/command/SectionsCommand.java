package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.augment.LearningCurve;
import dev.galen.examples.clinical.task.SectionTask;
import dev.galen.examples.clinical.task.TaskParts;
import dev.galen.examples.clinical.task.TaskSettings;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen clinical sections}. */
@Command(
    name = "sections",
    description = {
      "Learn which section of a note a text is of, and report it beside majority and bag of words.",
      "Made for MTS-Dialog; documents with a field label do as well. Without --test a fifth is held"
          + " out, texts that occur twice on one side."
    },
    mixinStandardHelpOptions = true)
final class SectionsCommand implements Callable<Integer> {
  @Mixin private TaskOptions options;

  @Option(
      names = "--curve",
      description =
          "Learn 10, 25 and 50 percent of the training texts by themselves as well, for a learning"
              + " curve in the report.")
  private boolean curve;

  @Override
  public Integer call() throws IOException {
    TaskSettings settings = options.settings();
    TaskParts parts = options.parts(SectionTask.LABEL, SectionTask::held);
    List<Double> shares = curve ? LearningCurve.PARTS : List.of();
    SectionTask.run(parts.train(), parts.test(), shares, settings);
    options.tell();
    return 0;
  }
}
