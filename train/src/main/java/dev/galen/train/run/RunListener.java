package dev.galen.train.run;

import dev.galen.train.TrainingListener;
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
}
