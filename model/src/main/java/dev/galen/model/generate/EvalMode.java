package dev.galen.model.generate;

import dev.galen.model.nn.Layer;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Dropout off, until closed; then every layer is as it was, even where they differed. */
final class EvalMode implements AutoCloseable {
  private final SequencedMap<Layer, Boolean> training = new LinkedHashMap<>();

  /** Switches {@code model} and all below. */
  EvalMode(Layer model) {
    model.visit("", (path, layer) -> training.put(layer, layer.isTraining()));
    model.eval();
  }

  @Override
  public void close() {
    // Parents come first, and a layer's switch reaches all below: each layer's own word is the
    // last.
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
