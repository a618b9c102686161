package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.LossKernels;
import dev.galen.tensor.backend.Span;

/**
 * Cross-entropy, by {@code loss.cu}; losses, logSumExp and dLoss are F32. A label that is no class
 * throws when the host next waits for the GPU; until then its loss is NaN.
 */
final class CudaLoss implements LossKernels {
  private final CudaContext cuda;

  CudaLoss(CudaContext cuda) {
    this.cuda = cuda;
  }

  @Override
  public void crossEntropy(
      Span logits, Span labels, Span loss, Span logSumExp, int rows, int classes, int ignored) {
    Operands.requireLength("logits", logits, Operands.area(rows, classes));
    Operands.require("loss", loss, DType.F32, rows);
    Operands.require("logSumExp", logSumExp, DType.F32, rows);
    cuda.indexErrors().checkLabels(cuda, labels, rows, classes, ignored);
    Launch launch =
        cuda.launch("crossEntropy", logits.dtype())
            .pointer(logits)
            .pointer(labels)
            .pointer(loss)
            .pointer(logSumExp)
            .i32(rows)
            .i32(classes)
            .i32(ignored);
    RowBlocks.run(launch, rows, classes);
  }

  @Override
  public void crossEntropyBackward(
      Span logits,
      Span labels,
      Span logSumExp,
      Span dLoss,
      double scale,
      Span dLogits,
      int rows,
      int classes,
      int ignored) {
    DType dtype = logits.dtype();
    Operands.requireLength("logits", logits, Operands.area(rows, classes));
    Operands.require("logSumExp", logSumExp, DType.F32, rows);
    Operands.require("dLoss", dLoss, DType.F32, 1);
    Operands.require("dLogits", dLogits, dtype, Operands.area(rows, classes));
    cuda.indexErrors().checkLabels(cuda, labels, rows, classes, ignored);
    Launch launch =
        cuda.launch("crossEntropyBackward", dtype)
            .pointer(logits)
            .pointer(labels)
            .pointer(logSumExp)
            .pointer(dLoss)
            .f32(scale)
            .pointer(dLogits)
            .i32(rows)
            .i32(classes)
            .i32(ignored);
    RowBlocks.run(launch, rows, classes);
  }
}
