package dev.galen.train;

import dev.galen.model.Inputs;
import dev.galen.model.Inputs.Padding;
import dev.galen.model.Model;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.Batch;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.stream.Stream;

/** A model's inputs that batches are written into, one after the other. */
final class BatchTensors {
  private BatchTensors() {}

  /** Room for batches of the same shape, outside of every scope; {@link #free} it. */
  static Inputs emptyLike(Model model, Batch batch) {
    Backend backend = model.backend();
    Shape shape_BT = Shape.of(batch.rows(), batch.cols());
    return MemoryScope.outside(
        () -> {
          Tensor labels = Tensors.empty(backend, batch.form().dtype(), batch.form().shape());
          Inputs inputs = Inputs.of(Tensors.empty(backend, DType.I32, shape_BT), labels);
          if (batch.lastTokens() != null) {
            Shape shape_B = Shape.of(batch.rows());
            inputs = inputs.withLastTokens(Tensors.empty(backend, DType.I32, shape_B));
          }
          if (batch.tokenTypes() != null) {
            inputs = inputs.withTokenTypes(Tensors.empty(backend, DType.I32, shape_BT));
          }
          Padding padding = batch.padding();
          return padding == Padding.NONE
              ? inputs
              : inputs.withMask(Tensors.empty(backend, DType.U8, shape_BT), padding);
        });
  }

  /** Writes a batch of the shape that {@code inputs} were made for into them. */
  static void fill(Inputs inputs, Batch batch) {
    upload(inputs.ids(), MemorySegment.ofArray(batch.inputIds()));
    upload(inputs.labels(), MemorySegment.ofArray(batch.labels()));
    if (inputs.attentionMask() != null) {
      upload(inputs.attentionMask(), MemorySegment.ofArray(batch.attentionMask()));
    }
    if (inputs.lastTokens() != null) {
      upload(inputs.lastTokens(), MemorySegment.ofArray(batch.lastTokens()));
    }
    if (inputs.tokenTypes() != null) {
      upload(inputs.tokenTypes(), MemorySegment.ofArray(batch.tokenTypes()));
    }
  }

  private static void upload(Tensor tensor, MemorySegment values) {
    tensor.backend().upload(values, tensor.span());
  }

  /** Gives the memory of inputs back. */
  static void free(Inputs inputs) {
    Stream.of(
            inputs.ids(),
            inputs.labels(),
            inputs.attentionMask(),
            inputs.lastTokens(),
            inputs.tokenTypes())
        .filter(Objects::nonNull)
        .forEach(Tensor::free);
  }
}
