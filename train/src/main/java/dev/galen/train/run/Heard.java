package dev.galen.train.run;

import dev.galen.train.StepReport;
import dev.galen.train.TrainingListener;
import dev.galen.train.metrics.Perplexity;
import java.io.IOException;
import java.nio.file.Path;

/** What is passed on of what a trainer tells: notices from the start, everything else later. */
final class Heard {
  private Heard() {}

  /** Heard from the start: a resumed run may have to tell something. */
  static TrainingListener notices(RunListener listener) {
    return new TrainingListener() {
      @Override
      public void onNotice(String line) {
        listener.onNotice(line);
      }
    };
  }

  /** What the run's listener hears of its trainer, behind the log. */
  static TrainingListener updates(RunListener listener) {
    return new TrainingListener() {
      @Override
      public void onStep(StepReport report) throws IOException {
        listener.onStep(report);
      }

      @Override
      public void onEvaluation(long step, Perplexity validation) throws IOException {
        listener.onEvaluation(step, validation);
      }

      @Override
      public void onCheckpoint(long step, Path directory) throws IOException {
        listener.onCheckpoint(step, directory);
      }
    };
  }
}
