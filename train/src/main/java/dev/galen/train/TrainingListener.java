package dev.galen.train;

import dev.galen.train.metrics.Perplexity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SequencedMap;

/** Hears what a trainer does, in the order it happens. */
public interface TrainingListener {
  /** An update was made, or skipped. */
  default void onStep(StepReport report) throws IOException {}

  /** The validation data were measured after update {@code step}. */
  default void onEvaluation(long step, Perplexity validation) throws IOException {}

  /**
   * What a task measures beside the loss was measured after update {@code step}, too: behind {@link
   * #onEvaluation}, where the run asks for it.
   *
   * @param figures numbers by name
   */
  default void onFigures(long step, SequencedMap<String, ? extends Number> figures)
      throws IOException {}

  /** A checkpoint stands complete after update {@code step}. */
  default void onCheckpoint(long step, Path directory) throws IOException {}

  /** Something to know, in one line: a damaged checkpoint was passed over, say. */
  default void onNotice(String line) {}
}
