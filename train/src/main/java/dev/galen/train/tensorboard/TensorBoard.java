package dev.galen.train.tensorboard;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.train.StepReport;
import dev.galen.train.TrainingListener;
import dev.galen.train.Utilisation;
import dev.galen.train.metrics.Perplexity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A run as TensorBoard shows it, under the names that transformers' callback writes: {@code
 * train/loss}, {@code train/learning_rate}, {@code train/grad_norm}, {@code train/epoch}, {@code
 * eval/loss} and the task's figures as {@code eval/NAME}; beside these {@code
 * train/tokens_per_second}, {@code train/memory_peak} (bytes of tensors), {@code train/mfu}, {@code
 * train/loss_scale}, {@code eval/perplexity}, and on demand histograms {@code weights/NAME} and
 * {@code gradients/NAME}.
 */
public final class TensorBoard implements TrainingListener, AutoCloseable {
  private final EventFile events;
  private final Map<String, Tensor> parameters;
  private final Backend backend;
  private final Optional<Utilisation> utilisation;
  private final long histogramsEvery;
  private long measuredAfter = -1;

  /**
   * Opens a file.
   *
   * @param folder that TensorBoard's {@code --logdir} names
   * @param step updates made: what an interrupted run wrote beyond them no longer counts
   * @param parameters of the model that is trained
   * @param utilisation of the machine, if its peak is known
   * @param histogramsEvery updates between histograms of weights and gradients, 0 for none
   */
  public TensorBoard(
      Path folder,
      long step,
      Map<String, Tensor> parameters,
      Optional<Utilisation> utilisation,
      long histogramsEvery)
      throws IOException {
    this.parameters = parameters;
    this.backend = parameters.values().iterator().next().backend();
    this.utilisation = utilisation;
    this.histogramsEvery = histogramsEvery;
    this.events = EventFile.in(folder, step == 0 ? 0 : step + 1);
  }

  @Override
  public void onStep(StepReport report) throws IOException {
    long step = report.step();
    if (!report.skipped()) {
      events.scalar("train/loss", step, report.loss());
      events.scalar("train/grad_norm", step, report.gradientNorm());
    }
    events.scalar("train/learning_rate", step, report.learningRate());
    events.scalar("train/epoch", step, report.epoch());
    events.scalar("train/tokens_per_second", step, report.tokensPerSecond());
    events.scalar("train/memory_peak", step, backend.memory().peak());
    if (utilisation.isPresent()) {
      events.scalar("train/mfu", step, utilisation.get().of(report));
    }
    if (report.lossScale() != 1) {
      events.scalar("train/loss_scale", step, report.lossScale());
    }
    if (histogramsEvery > 0 && step % histogramsEvery == 0) {
      histograms(step, 1 / report.lossScale());
    }
    events.flush();
  }

  /**
   * The weights after the update, and its gradients as they were before the limit of their norm.
   */
  private void histograms(long step, double factor) throws IOException {
    for (Map.Entry<String, Tensor> entry : parameters.entrySet()) {
      Tensor parameter = entry.getValue();
      events.histogram("weights/" + entry.getKey(), step, new Histogram().add(parameter, 1));
      if (parameter.grad() != null) {
        events.histogram(
            "gradients/" + entry.getKey(), step, new Histogram().add(parameter.grad(), factor));
      }
    }
  }

  @Override
  public void onEvaluation(long step, Perplexity validation) throws IOException {
    if (step == measuredAfter) {
      return; // the end of a run measures once more
    }
    measuredAfter = step;
    events.scalar("eval/loss", step, validation.loss());
    events.scalar("eval/perplexity", step, validation.perplexity());
    events.flush();
  }

  @Override
  public void onFigures(long step, SequencedMap<String, ? extends Number> figures)
      throws IOException {
    for (Map.Entry<String, ? extends Number> figure : figures.entrySet()) {
      events.scalar("eval/" + figure.getKey(), step, figure.getValue().doubleValue());
    }
    events.flush();
  }

  /**
   * A text, such as what the model went on with.
   *
   * @param tag its name
   */
  public void text(String tag, long step, String text) throws IOException {
    events.text(tag, step, text).flush();
  }

  @Override
  public void close() throws IOException {
    events.close();
  }
}
