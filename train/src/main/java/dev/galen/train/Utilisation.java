package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.tensor.Tensor;
import dev.galen.train.optim.LayerNames;
import java.util.Map;

/**
 * How much of a machine's arithmetic a run uses: model FLOPs utilisation, MFU, of Chowdhery et al.
 * 2022 (PaLM, appendix B),
 *
 * <pre>MFU = R (4 N + 2 M + 12 L C T) / P</pre>
 *
 * with R tokens per second; N parameters that a token is multiplied by, and M those of them that
 * are trained ({@code 6 N} where all are: 2 forward, 2 for the gradient of inputs, 2 for that of
 * weights); L blocks, C channels, T the mean length of the update's sequences; P the peak in
 * floating-point operations per second. Tables that are only looked up, of tokens or positions, are
 * no part of N; one that is the output layer as well counts once. What recomputation does again
 * does not count, and neither does padding: this is about the model, not about the work.
 *
 * @param multiplied N
 * @param trained M
 * @param attention L times C
 * @param perUpdate sequences of an update
 * @param peak P
 */
public record Utilisation(
    double multiplied, double trained, double attention, double perUpdate, double peak) {
  /** Checks the peak. */
  public Utilisation {
    TrainingConfig.require(
        peak > 0 && peak < Double.POSITIVE_INFINITY, "the peak", peak, "above 0 FLOP/s");
  }

  /**
   * Of a model on a machine.
   *
   * @param perUpdate sequences of an update
   * @param peak floating-point operations per second, such as 989e12
   */
  public static Utilisation of(Model model, long perUpdate, double peak) {
    Map<String, Tensor> parameters = model.parameters();
    int layers = LayerNames.count(parameters.keySet());
    double multiplied = 0;
    double trained = 0;
    double channels = 0;
    double tied = 0;
    for (Map.Entry<String, Tensor> entry : parameters.entrySet()) {
      Tensor parameter = entry.getValue();
      double size = parameter.shape().size();
      boolean isTable = LayerNames.depth(entry.getKey(), layers) == 0;
      if (isTable && parameter.shape().rank() == 2 && parameter.dim(0) == model.vocabularySize()) {
        channels = parameter.dim(1);
        tied = model.vocabularyHead() == null ? 0 : size;
      }
      if (isTable) {
        continue;
      }
      if (entry.getKey().equals(model.vocabularyHead() + ".weight")) {
        tied = 0;
      }
      multiplied += size;
      trained += parameter.requiresGrad() ? size : 0;
    }
    boolean learnsAll = trained == multiplied;
    return new Utilisation(
        multiplied + tied, trained + (learnsAll ? tied : 0), layers * channels, perUpdate, peak);
  }

  /** Floating-point operations that the model needs for a token. */
  public double perToken(double length) {
    return 4 * multiplied + 2 * trained + 12 * attention * length;
  }

  /** The utilisation of an update, from 0 to 1. */
  public double of(StepReport report) {
    return of(report.tokensPerSecond(), report.tokens() / perUpdate);
  }

  /**
   * The same of a speed.
   *
   * @param tokensPerSecond R
   * @param length T
   */
  public double of(double tokensPerSecond, double length) {
    return tokensPerSecond * perToken(length) / peak;
  }
}
