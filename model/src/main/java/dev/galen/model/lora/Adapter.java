package dev.galen.model.lora;

import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.LowRankUpdate;
import dev.galen.model.nn.MatrixLayer;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import java.util.SequencedMap;

/**
 * One adapter of a model.
 *
 * @param name what it is called among the model's adapters
 * @param config what it is
 * @param updates what it has of low rank, by the layer's path
 * @param saved what it has of whole layers, by their paths
 */
record Adapter(
    String name,
    LoraConfig config,
    SequencedMap<String, Placed> updates,
    SequencedMap<String, Saved> saved) {
  /** What parameters of an adapter that needs no name are called. */
  static final String DEFAULT = "default";

  /**
   * An update with the layer that it belongs to.
   *
   * @param layer whose matrix it changes
   * @param update the update
   */
  record Placed(MatrixLayer layer, LowRankUpdate update) {
    boolean embeds() {
      return layer instanceof Embedding;
    }
  }

  /** Copies of a layer's parameters that learn in their place. */
  static final class Saved {
    private final Layer layer;
    private final SequencedMap<String, Tensor> own;
    private final SequencedMap<String, Tensor> copies;
    private boolean swapped;

    /**
     * Not in use yet.
     *
     * @param own the layer's parameters, by name
     * @param copies those of the adapter, by the same names
     */
    Saved(Layer layer, SequencedMap<String, Tensor> own, SequencedMap<String, Tensor> copies) {
      this.layer = layer;
      this.own = own;
      this.copies = copies;
    }

    Layer layer() {
      return layer;
    }

    /** The adapter's values, wherever they lie now. */
    SequencedMap<String, Tensor> values() {
      return swapped ? own : copies;
    }

    /**
     * Has a layer that cannot exchange its parameters compute with the adapter's values, or no
     * longer: both kinds of tensors change places in memory.
     */
    void swap(boolean wanted) {
      if (wanted != swapped) {
        own.forEach((name, tensor) -> Tensors.swap(tensor, copies.get(name)));
        swapped = wanted;
      }
    }
  }
}
