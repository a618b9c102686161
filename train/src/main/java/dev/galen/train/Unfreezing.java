package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.tensor.Tensor;
import dev.galen.train.optim.LayerNames;
import java.util.LinkedHashMap;
import java.util.Map;

/** Block after block of a model begins to learn, from the last one down. */
final class Unfreezing {
  private final Map<String, Tensor> trained = new LinkedHashMap<>();
  private final long every;
  private final int layers;

  /**
   * Of those parameters that are not frozen; changes none.
   *
   * @throws IllegalArgumentException if there are no blocks to tell apart
   */
  Unfreezing(Model model, long every) {
    this.every = every;
    model
        .parameters()
        .forEach(
            (name, parameter) -> {
              if (parameter.requiresGrad()) {
                trained.put(name, parameter);
              }
            });
    layers = LayerNames.count(trained.keySet());
    if (every > 0 && layers == 0) {
      throw new IllegalArgumentException(
          "unfreeze every is "
              + every
              + ", and no trained parameter's name has the number of a layer");
    }
  }

  /** Freezes and unfreezes as it is to be after {@code step} updates; whether anything changed. */
  boolean at(long step) {
    if (every == 0) {
      return false;
    }
    long lowest = layers - step / every;
    boolean changed = false;
    for (Map.Entry<String, Tensor> entry : trained.entrySet()) {
      boolean learns = LayerNames.depth(entry.getKey(), layers) >= lowest;
      changed |= learns != entry.getValue().requiresGrad();
      if (learns) {
        entry.getValue().requireGrad();
      } else {
        entry.getValue().freeze();
      }
    }
    return changed;
  }
}
