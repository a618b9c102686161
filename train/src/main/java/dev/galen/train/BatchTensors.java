package dev.galen.train;

import dev.galen.model.LanguageModel;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.train.data.Batch;

/** A batch's arrays as tensors on a model's backend. */
final class BatchTensors {
  private BatchTensors() {}

  /** I32 {@code [B, T]}. */
  static Tensor ids(LanguageModel model, Batch batch) {
    return Tensors.of(model.backend(), batch.inputIds(), batch.rows(), batch.cols());
  }

  /** I32 {@code [B, T]}, aligned with the ids. */
  static Tensor labels(LanguageModel model, Batch batch) {
    return Tensors.of(model.backend(), batch.labels(), batch.rows(), batch.cols());
  }
}
