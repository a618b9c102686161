package dev.galen.examples.clinical.task;

import dev.galen.train.TrainingConfig;
import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.run.FineTuningSpec;
import dev.galen.train.run.GivenData;
import dev.galen.train.run.ModelSource;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.util.List;

/** Trains a task's language model on prompts with completions, or on texts. */
final class LanguageTraining {
  /** What a laptop trains in a minute or two. */
  private static final NewModel SHAPE = new NewModel(128, 2, 4, 512, 2048, 0.1);

  /** Tokens of a sequence at most. */
  static final int LENGTH = 512;

  private static final int BATCH = 8;
  private static final int EPOCHS = 3;
  private static final double WARMUP = 0.05;

  private LanguageTraining() {}

  /**
   * Trains, unless the folder has this very run.
   *
   * @param name of the examples, for the run's JSON and its report
   */
  static void run(List<? extends Example> examples, String name, TaskSettings settings)
      throws IOException {
    ModelSource source = settings.source(SHAPE);
    GivenData given =
        GivenData.of(
            name, () -> new GivenData.Content(Examples.of(examples), Examples.of(List.of()), name));
    TrainingConfig training =
        FineTuningSpec.defaults(source)
            .epochs(settings.epochs() == null ? EPOCHS : settings.epochs())
            .batchSize(BATCH)
            .learningRate(source.isPretrained() ? 3e-4 : 2e-3)
            .schedule(Schedule.COSINE)
            .warmup(WARMUP)
            .weightDecay(0.1)
            .seed(settings.seed())
            .saveEvery(100)
            .keep(1)
            .output(settings.modelFolder())
            .build();
    TaskTraining.run(
        new FineTuningSpec(
            FineTuningSpec.LANGUAGE_MODEL,
            source,
            settings.data(given, LENGTH),
            training,
            settings.device(),
            null),
        settings.command(),
        settings.say());
  }
}
