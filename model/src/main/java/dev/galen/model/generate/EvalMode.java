package dev.galen.model.generate;

import dev.galen.model.nn.Layer;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Dropout off, until closed; then every layer is as it was, even where they differed. Of threads
 * that use one model at once the first switches it, and the last switches it back.
 */
final class EvalMode implements AutoCloseable {
  /** The models that are in use now. */
  private static final Map<Layer, Use> IN_USE = new IdentityHashMap<>();

  private final Layer model;

  /** How each layer was before, and how many are not done with the model. */
  private static final class Use {
    private final SequencedMap<Layer, Boolean> training = new LinkedHashMap<>();
    private int users;
  }

  /** Switches {@code model} and all below. */
  EvalMode(Layer model) {
    this.model = model;
    synchronized (IN_USE) {
      Use use = IN_USE.computeIfAbsent(model, EvalMode::begin);
      use.users++;
    }
  }

  private static Use begin(Layer model) {
    var use = new Use();
    model.visit("", (path, layer) -> use.training.put(layer, layer.isTraining()));
    model.eval();
    return use;
  }

  @Override
  public void close() {
    synchronized (IN_USE) {
      Use use = IN_USE.get(model);
      use.users--;
      if (use.users == 0) {
        IN_USE.remove(model);
        restore(use.training);
      }
    }
  }

  // Parents come first, and a layer's switch reaches all below: each layer's own word is the last.
  private static void restore(SequencedMap<Layer, Boolean> training) {
    training.forEach(
        (layer, wasTraining) -> {
          if (wasTraining) {
            layer.train();
          } else {
            layer.eval();
          }
        });
  }
}
