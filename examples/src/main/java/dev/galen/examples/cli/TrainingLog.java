package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.StepReport;
import dev.galen.train.TrainingListener;
import dev.galen.train.metrics.Perplexity;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The training log: a JSON line per update and per validation, in a file and, if asked, printed.
 */
final class TrainingLog implements TrainingListener, AutoCloseable {
  /**
   * A point of the loss curve.
   *
   * @param step updates before it was measured
   * @param loss mean per token
   */
  record Point(long step, double loss) {}

  private final BufferedWriter file;
  private final CommonOptions common;
  private final long every;
  private final List<Point> training = new ArrayList<>();
  private final List<Point> validation = new ArrayList<>();
  private double seconds;
  private long tokens;

  TrainingLog(Path path, boolean append, CommonOptions common, long every) throws IOException {
    this.file =
        append
            ? Files.newBufferedWriter(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
            : Files.newBufferedWriter(path);
    this.common = common;
    this.every = every;
  }

  @Override
  public void onStep(StepReport report) throws IOException {
    training.add(new Point(report.step() - 1, report.loss()));
    seconds += report.seconds();
    tokens += report.tokens();
    ObjectNode json =
        CommonOptions.object()
            .put("step", report.step())
            .put("loss", report.loss())
            .put("learningRate", report.learningRate())
            .put("gradNorm", report.gradientNorm())
            .put("tokensPerSecond", report.tokensPerSecond());
    write(json);
    if (report.step() % every == 0 || report.step() == report.totalSteps()) {
      common.print(json);
    }
  }

  @Override
  public void onEvaluation(long step, Perplexity perplexity) throws IOException {
    validation.add(new Point(step, perplexity.loss()));
    ObjectNode json =
        CommonOptions.object()
            .put("afterStep", step)
            .put("validationLoss", perplexity.loss())
            .put("validationPerplexity", perplexity.perplexity())
            .put("validationTokens", perplexity.tokens());
    write(json);
    common.print(json);
  }

  @Override
  public void onCheckpoint(long step, Path directory) throws IOException {
    ObjectNode json =
        CommonOptions.object().put("afterStep", step).put("checkpoint", directory.toString());
    write(json);
    common.print(json);
  }

  private void write(ObjectNode json) throws IOException {
    file.write(json.toString());
    file.newLine();
    file.flush(); // a killed run keeps its log
  }

  List<Point> training() {
    return training;
  }

  List<Point> validation() {
    return validation;
  }

  /** Mean speed of all updates. */
  double tokensPerSecond() {
    return seconds == 0 ? 0 : tokens / seconds;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
