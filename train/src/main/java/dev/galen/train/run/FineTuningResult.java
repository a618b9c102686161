package dev.galen.train.run;

import dev.galen.train.BestMetric;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.task.TaskResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a run came to.
 *
 * @param output where everything was written
 * @param step updates that were made
 * @param total updates of the run
 * @param before validation before the first update, if there was any
 * @param after validation of the trained model, if there was any
 * @param task what the task measured; absent where the run was stopped
 * @param stoppedAt the checkpoint of a run that was stopped; absent where it ended
 * @param best the best metric while it trained, if the run looked at one
 * @param memory the most memory that it had
 * @param unit what the loss is the mean over, see {@link dev.galen.train.task.Task#unit}
 * @param time of the whole run
 */
public record FineTuningResult(
    Path output,
    long step,
    long total,
    Optional<Perplexity> before,
    Optional<Perplexity> after,
    Optional<TaskResult> task,
    Optional<Path> stoppedAt,
    Optional<BestMetric> best,
    MemoryPeak memory,
    String unit,
    Duration time) {

  /** Whether it ran to its end. */
  public boolean isDone() {
    return task.isPresent();
  }
}
