package dev.galen.train;

import dev.galen.train.metrics.Perplexity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/** All listeners of a trainer as one; notices that would be heard by none are printed. */
final class Listeners implements TrainingListener {
  private final List<TrainingListener> all = new ArrayList<>();

  void add(TrainingListener listener) {
    all.add(listener);
  }

  @Override
  public void onStep(StepReport report) throws IOException {
    for (TrainingListener listener : all) {
      listener.onStep(report);
    }
  }

  /** Validation was measured, and perhaps more. */
  void onMeasured(long step, Course.Measured measured) throws IOException {
    onEvaluation(step, measured.loss());
    if (!measured.figures().isEmpty()) {
      onFigures(step, measured.figures());
    }
  }

  @Override
  public void onEvaluation(long step, Perplexity validation) throws IOException {
    for (TrainingListener listener : all) {
      listener.onEvaluation(step, validation);
    }
  }

  @Override
  public void onFigures(long step, SequencedMap<String, ? extends Number> figures)
      throws IOException {
    for (TrainingListener listener : all) {
      listener.onFigures(step, figures);
    }
  }

  @Override
  public void onCheckpoint(long step, Path directory) throws IOException {
    for (TrainingListener listener : all) {
      listener.onCheckpoint(step, directory);
    }
  }

  @Override
  public void onNotice(String line) {
    all.forEach(listener -> listener.onNotice(line));
    if (all.isEmpty()) {
      System.err.println("galen: " + line);
    }
  }
}
