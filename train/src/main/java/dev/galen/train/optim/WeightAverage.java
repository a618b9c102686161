package dev.galen.train.optim;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.InPlace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The exponential moving average of weights over the updates of a run (Polyak and Juditsky 1992),
 * {@code e = decay e + (1 - decay) w} after each: F32 and as large as the weights that are trained.
 * It begins with the weights that it is made of, or with those after the first update, as PyTorch's
 * {@code AveragedModel}.
 */
public final class WeightAverage implements AutoCloseable {
  private final Map<String, Tensor> weights = new LinkedHashMap<>();
  private final SequencedMap<String, Tensor> averages = new LinkedHashMap<>();
  private final double decay;
  private final boolean fromFirst;
  private long updates;

  /**
   * Of those of {@code parameters} that are not frozen.
   *
   * @param decay of the average at an update, in [0, 1)
   * @param fromFirst whether it begins with the weights after the first update
   */
  public WeightAverage(Map<String, Tensor> parameters, double decay, boolean fromFirst) {
    Numbers.requireBeta("ema", decay);
    this.decay = decay;
    this.fromFirst = fromFirst;
    parameters.forEach(
        (name, parameter) -> {
          if (parameter.requiresGrad()) {
            weights.put(name, parameter);
            averages.put(name, copy(parameter));
          }
        });
  }

  private static Tensor copy(Tensor parameter) {
    Tensor copy =
        MemoryScope.outside(
            () -> Tensors.empty(parameter.backend(), parameter.dtype(), parameter.shape()));
    Tensors.copy(parameter, copy);
    return copy;
  }

  /** The weights were updated. */
  public void update() {
    boolean copies = fromFirst && updates == 0;
    updates++;
    weights.forEach((name, weight) -> update(weight, averages.get(name), copies));
  }

  private void update(Tensor weight, Tensor average, boolean copies) {
    if (copies) {
      Tensors.copy(weight, average);
      return;
    }
    new InPlace(weight.backend()).average(decay, average.span(), weight.contiguousSpan());
  }

  /** Gives the model the average and keeps its weights instead; or the other way round. */
  public void exchange() {
    weights.forEach(
        (name, weight) -> {
          Tensor average = averages.get(name);
          try (var scope = MemoryScope.open("exchange of " + name)) {
            Tensor kept = Tensors.emptyLike(average);
            Tensors.copy(weight, kept);
            Tensors.copy(average, weight);
            Tensors.copy(kept, average);
          }
        });
    Autocast.weightsChanged();
  }

  /** The average of each parameter by its name, for checkpoints, which also fill it in. */
  public SequencedMap<String, Tensor> averages() {
    return averages;
  }

  /** Updates so far. */
  public long updates() {
    return updates;
  }

  /** Continues after so many updates, once {@link #averages} is filled in. */
  public void resumeAt(long made) {
    updates = made;
  }

  @Override
  public void close() {
    averages.values().forEach(Tensor::free);
  }
}
