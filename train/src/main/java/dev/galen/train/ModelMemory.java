package dev.galen.train;

import dev.galen.model.Model;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.Projection;
import dev.galen.model.nn.Weight;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.train.optim.OptimizerSpec;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What the parameters of a model take of memory, in bytes, without the activations of a batch.
 *
 * @param parameters their number
 * @param load of all of them, by the format of the matrices
 * @param fineTuning weights, gradients and the optimizer's state of all of them
 * @param loraParameters parameters of updates of low rank to every product below the head
 * @param lora F32 weights of all, and what training the updates alone takes
 */
public record ModelMemory(
    long parameters,
    SequencedMap<WeightFormat, Long> load,
    long fineTuning,
    long loraParameters,
    long lora) {
  /** The rank of updates, PEFT's default. */
  public static final int RANK = 8;

  /**
   * Of a model whose matrices are not packed.
   *
   * @param optimizer that would train it
   */
  public static ModelMemory of(Model model, OptimizerSpec optimizer) {
    var matrices = new LinkedHashMap<Tensor, Shape>();
    Set<Tensor> adapted = Collections.newSetFromMap(new IdentityHashMap<>());
    model.visit("", (path, layer) -> add(path, layer, matrices, adapted));
    long all = model.parameterCount();
    var load = new LinkedHashMap<WeightFormat, Long>();
    for (WeightFormat format : WeightFormat.values()) {
      load.put(format, load(all, matrices, format));
    }
    long updates = 0;
    for (Tensor matrix : adapted) {
      updates += (long) RANK * (matrix.dim(0) + matrix.dim(1));
    }
    int trained = MemoryPlan.PARAMETER_BYTES + optimizer.stateBytes();
    return new ModelMemory(
        all, load, all * trained, updates, all * Float.BYTES + updates * trained);
  }

  private static void add(
      String path, Layer layer, Map<Tensor, Shape> matrices, Set<Tensor> adapted) {
    if (layer instanceof Projection product && product.weight() instanceof Weight.Dense dense) {
      int output = dense.outputFirst() ? 0 : 1;
      Tensor matrix = dense.tensor();
      matrices.put(matrix, Shape.of(matrix.dim(output), matrix.dim(1 - output)));
      if (path.contains(".")) { // a head stands beside the trunk
        adapted.add(matrix);
      }
    }
    if (layer instanceof Embedding table && table.weight() instanceof Weight.Dense dense) {
      matrices.put(dense.tensor(), dense.tensor().shape());
    }
  }

  /** Bytes with matrices {@code [out, in]} in {@code format}, and all else in F32. */
  private static long load(long parameters, Map<Tensor, Shape> matrices, WeightFormat format) {
    long bytes = parameters * Float.BYTES;
    if (format.isPacked()) {
      for (Shape matrix : matrices.values()) {
        bytes += format.byteSize(matrix.dim(0), matrix.dim(1)) - matrix.size() * Float.BYTES;
      }
    }
    return bytes;
  }
}
