package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.task.AnswerTask;
import dev.galen.examples.clinical.task.TaskParts;
import dev.galen.examples.clinical.task.TaskSettings;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code galen clinical answer}. */
@Command(
    name = "answer",
    description = {
      "Learn to answer questions, and report ROUGE and token F1 beside the answer of the nearest"
          + " training question.",
      "Made for MedQuAD; documents with a field question do as well. Without --test all questions"
          + " about a tenth of the subjects are held out."
    },
    mixinStandardHelpOptions = true)
final class AnswerCommand implements Callable<Integer> {
  @Mixin private TaskOptions options;

  @Override
  public Integer call() throws IOException {
    TaskSettings settings = options.settings();
    TaskParts parts = options.parts(AnswerTask.QUESTION, AnswerTask::held);
    AnswerTask.run(parts.train(), parts.test(), settings);
    options.tell();
    return 0;
  }
}
