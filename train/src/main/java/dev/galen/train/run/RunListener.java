package dev.galen.train.run;

import dev.galen.train.TrainingListener;
import dev.galen.train.task.TaskResult;
import java.io.IOException;

/** Hears what a run does, beside what its trainer tells. */
public interface RunListener extends TrainingListener {
  /**
   * One line of what is known by now.
   *
   * @param what a word: {@code data}, {@code model}, {@code training}, {@code resumed}
   */
  default void onLine(String what, String line) {}

  /**
   * One line of the log.
   *
   * @param step behind which it was written
   * @param total updates of the run
   * @param update whether it tells of an update, not of a validation or a checkpoint
   * @param json the line
   */
  default void onLog(long step, long total, boolean update, String json) throws IOException {}

  /**
   * The model went on with a prompt at the evaluation after update {@code step}: behind what was
   * measured, where the run asks for it.
   */
  default void onSample(long step, TaskResult.Sample sample) throws IOException {}
}
