package dev.galen.train.run;

import dev.galen.train.StepReport;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.task.TaskResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.SequencedMap;
import java.util.Set;

/** Passes everything on, and each notice once: several parts of a run may see the same thing. */
final class NoticedOnce implements RunListener {
  private final RunListener listener;
  private final Set<String> told = new HashSet<>();

  NoticedOnce(RunListener listener) {
    this.listener = listener;
  }

  @Override
  public void onNotice(String line) {
    if (told.add(line)) {
      listener.onNotice(line);
    }
  }

  @Override
  public void onLine(String what, String line) {
    listener.onLine(what, line);
  }

  @Override
  public void onLog(long step, long total, boolean update, String json) throws IOException {
    listener.onLog(step, total, update, json);
  }

  @Override
  public void onStep(StepReport report) throws IOException {
    listener.onStep(report);
  }

  @Override
  public void onEvaluation(long step, Perplexity validation) throws IOException {
    listener.onEvaluation(step, validation);
  }

  @Override
  public void onFigures(long step, SequencedMap<String, ? extends Number> figures)
      throws IOException {
    listener.onFigures(step, figures);
  }

  @Override
  public void onSample(long step, TaskResult.Sample sample) throws IOException {
    listener.onSample(step, sample);
  }

  @Override
  public void onCheckpoint(long step, Path directory) throws IOException {
    listener.onCheckpoint(step, directory);
  }
}
