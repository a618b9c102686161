package dev.galen.model.lora;

import dev.galen.model.nn.Dropout;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.LowRankUpdate;
import dev.galen.model.nn.MatrixLayer;
import dev.galen.model.nn.Weight;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The parameters of an adapter that has learned nothing yet, as PEFT initialises them.
 *
 * @param backend where the model lies
 * @param config the adapter's
 * @param random what they are initialised from, in the order of the model's layers
 * @param dropping what dropout draws from
 */
record NewAdapter(Backend backend, LoraConfig config, Philox random, Philox dropping) {

  LowRankUpdate update(String path, MatrixLayer layer) {
    boolean embeds = layer instanceof Embedding;
    int rank = config.rankOf(path);
    Tensor down = embeds ? normal(rank, layer.in(), 1) : down(rank, layer.in());
    Tensor up = up(rank, layer.out(), embeds);
    Tensor bias = config.updateBias() ? bias(rank, layer.out()) : null;
    return of(path, layer, down, up, bias, null);
  }

  /**
   * An update of these parameters.
   *
   * @param magnitude null for what it is at first, where there is one
   */
  LowRankUpdate of(
      String path, MatrixLayer layer, Tensor down, Tensor up, Tensor bias, Tensor magnitude) {
    boolean embeds = layer instanceof Embedding;
    double scale = config.scaleOf(path);
    Tensor m = magnitude;
    if (config.dora() && m == null) {
      m =
          new LowRankUpdate(down, up, null, null, scale, null)
              .magnitudeOver(layer.ownWeight(), embeds);
    }
    boolean drops = config.dropout() > 0 && !embeds;
    Dropout dropout = drops ? new Dropout(config.dropout(), dropping) : null;
    return new LowRankUpdate(down, up, bias, m, scale, dropout);
  }

  private Tensor down(int rank, int in) {
    return config.initialisation() == LoraConfig.Initialisation.GAUSSIAN
        ? normal(rank, in, 1.0 / rank)
        : uniform(Shape.of(rank, in), in);
  }

  private Tensor up(int rank, int out, boolean embeds) {
    if (config.initialisation() == LoraConfig.Initialisation.RANDOM) {
      return embeds ? normal(out, rank, 1) : uniform(Shape.of(out, rank), rank);
    }
    return zeros(Shape.of(out, rank));
  }

  private Tensor bias(int rank, int out) {
    return config.initialisation() == LoraConfig.Initialisation.RANDOM
        ? uniform(Shape.of(out), rank)
        : zeros(Shape.of(out));
  }

  /** Kaiming's with {@code a = sqrt(5)}. */
  private Tensor uniform(Shape shape, int in) {
    double bound = 1 / Math.sqrt(in);
    return outside(() -> Tensors.uniform(backend, DType.F32, shape, -bound, bound, random));
  }

  private Tensor normal(int rows, int cols, double deviation) {
    Shape shape = Shape.of(rows, cols);
    return outside(() -> Tensors.normal(backend, DType.F32, shape, 0, deviation, random));
  }

  private Tensor zeros(Shape shape) {
    return outside(() -> Tensors.full(backend, DType.F32, shape, 0));
  }

  private static Tensor outside(Supplier<Tensor> make) {
    return MemoryScope.outside(make);
  }

  /** Copies of what a layer computes with. */
  Adapter.Saved saved(Layer layer) {
    SequencedMap<String, Tensor> own =
        layer instanceof MatrixLayer matrix ? matrix.madeWith() : layer.ownParameters();
    var copies = new LinkedHashMap<String, Tensor>();
    own.forEach((name, tensor) -> copies.put(name, copy(tensor)));
    if (layer instanceof MatrixLayer matrix && !own.containsKey("weight")) { // packed, or tied
      copies.put("weight", MemoryScope.outside(() -> dense(matrix.ownWeight())));
      if (matrix.ownBias() != null && !copies.containsKey("bias")) {
        copies.put("bias", copy(matrix.ownBias()));
      }
    }
    return new Adapter.Saved(layer, new LinkedHashMap<>(own), copies);
  }

  /** A matrix in memory of its own, F32. */
  private static Tensor dense(Weight weight) {
    return switch (weight) {
      case Weight.Dense dense -> copy(dense.tensor());
      case Weight.Packed packed -> {
        int[] rows = IntStream.range(0, packed.weight().out()).toArray();
        yield packed.rows(Tensors.of(packed.weight().backend(), rows, rows.length));
      }
      case Weight.LowRank low -> dense(low.base());
      case Weight.Shared shared -> dense(shared.table().ownWeight());
    };
  }

  private static Tensor copy(Tensor tensor) {
    return MemoryScope.outside(
        () -> {
          Tensor copy = Tensors.empty(tensor.backend(), tensor.dtype(), tensor.shape());
          Tensors.copy(tensor, copy);
          return copy;
        });
  }
}
