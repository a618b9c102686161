package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AdamWStep;
import dev.galen.tensor.backend.OptimizerKernels;
import dev.galen.tensor.backend.Span;

/**
 * AdamW, by {@code optimizer.cu}: an F32 parameter with a gradient of any type, or an F16 or BF16
 * parameter with one of its own; both moments are F32.
 */
final class CudaOptimizer implements OptimizerKernels {
  /** Parameters of a thread. */
  private static final int NEIGHBOURS = 4;

  private final CudaContext cuda;

  CudaOptimizer(CudaContext cuda) {
    this.cuda = cuda;
  }

  @Override
  public void adamW(AdamWStep step, Span parameter, Span gradient, Span moment1, Span moment2) {
    long length = parameter.length();
    requireLength("gradient", gradient, length);
    requireLength("moment1", moment1, length);
    requireLength("moment2", moment2, length);
    Operands.require("moment1", moment1, DType.F32, length);
    Operands.require("moment2", moment2, DType.F32, length);
    if (step.step() < 1) {
      throw new IllegalArgumentException("updates count from 1, not " + step.step());
    }
    double correction1 = 1 - Math.pow(step.beta1(), (double) step.step());
    double root2 = Math.sqrt(1 - Math.pow(step.beta2(), (double) step.step()));
    launch(parameter.dtype(), gradient.dtype())
        .pointer(parameter)
        .pointer(gradient)
        .pointer(moment1)
        .pointer(moment2)
        .i64(length)
        .f32(1 - step.learningRate() * step.weightDecay())
        .f32(-step.learningRate() * root2 / correction1)
        .f32(step.epsilon() * root2)
        .f32(step.gradientScale())
        .f32(step.beta1())
        .f32(1 - step.beta1())
        .f32(step.beta2())
        .f32(1 - step.beta2())
        .run(Math.toIntExact(Math.ceilDiv(length, (long) NEIGHBOURS * Launch.BLOCK)), Launch.BLOCK);
  }

  private Launch launch(DType parameter, DType gradient) {
    if (parameter == gradient) {
      return cuda.launch("adamW", parameter);
    }
    if (parameter != DType.F32) {
      throw new IllegalArgumentException(
          "a gradient of %s cannot update a parameter of %s".formatted(gradient, parameter));
    }
    return cuda.launch("adamW_f32", gradient);
  }

  private static void requireLength(String name, Span span, long length) {
    if (span.length() != length) {
      throw new IllegalArgumentException(
          "%s holds %d elements, but parameter holds %d".formatted(name, span.length(), length));
    }
  }
}
