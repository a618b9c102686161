package dev.galen.examples.clinical.task;

import dev.galen.train.data.Example;
import dev.galen.train.run.FineTuningSpec;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.util.List;

/** Trains a task's language model on prompts with completions, or on texts. */
final class LanguageTraining {
  /** Tokens of a sequence at most. */
  static final int LENGTH = 512;

  /** What a laptop trains in a minute or two. */
  private static final TaskRecipe RECIPE =
      new TaskRecipe(
          FineTuningSpec.LANGUAGE_MODEL,
          new NewModel(128, 2, 4, 512, 2048, 0.1),
          LENGTH,
          3,
          8,
          2e-3,
          3e-4,
          Schedule.COSINE,
          0.05,
          0.1);

  private LanguageTraining() {}

  /**
   * Trains, unless the folder has this very run.
   *
   * @param name of the examples, for the run's JSON and its report
   */
  static void run(List<? extends Example> examples, String name, TaskSettings settings)
      throws IOException {
    TaskTraining.run(RECIPE, examples, name, settings);
  }
}
