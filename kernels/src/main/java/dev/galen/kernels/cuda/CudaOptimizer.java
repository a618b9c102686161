package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.OptimizerKernels;
import dev.galen.tensor.backend.RoundedState;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.UpdateRule;
import java.util.List;

/**
 * Updates by {@code optimizer.cu}: an F32 parameter with a gradient of any type, or an F16 or BF16
 * parameter with one of its own; states are F32, and in between what {@link RoundedState} says.
 */
final class CudaOptimizer implements OptimizerKernels {
  /** Parameters of a thread. */
  private static final int NEIGHBOURS = 4;

  /** Threads that round a block of a state. */
  private static final int WARP = 32;

  private final CudaContext cuda;

  CudaOptimizer(CudaContext cuda) {
    this.cuda = cuda;
  }

  @Override
  public void update(UpdateRule rule, Span parameter, Span gradient, List<Span> states) {
    OptimizerKernels.require(rule, parameter, gradient, states);
    long length = parameter.length();
    String name =
        switch (rule) {
          case UpdateRule.AdamW adamW -> "adamW";
          case UpdateRule.Sgd sgd -> "sgd";
        };
    Launch launch =
        launch(name, parameter.dtype(), gradient.dtype()).pointer(parameter).pointer(gradient);
    for (int i = 0; i < states.size(); i++) {
      Operands.require(rule.states().get(i), states.get(i), DType.F32, length);
      launch.pointer(states.get(i));
    }
    launch.i64(length);
    switch (rule) {
      case UpdateRule.AdamW adamW -> numbers(adamW, launch);
      case UpdateRule.Sgd sgd -> numbers(sgd, launch);
    }
    launch.run(
        Math.toIntExact(Math.ceilDiv(length, (long) NEIGHBOURS * Launch.BLOCK)), Launch.BLOCK);
  }

  @Override
  public void round(Span values, RoundedState state, long seed, long counter) {
    long length = values.length();
    Operands.require("values", values, DType.F32, state.codes().length());
    if (state.codes().dtype() == DType.BF16) {
      cuda.launch("roundState", DType.BF16)
          .pointer(values)
          .pointer(state.codes())
          .i64(seed)
          .i64(counter)
          .i64(length)
          .run(cuda.grid(Math.ceilDiv(length, 8)), Launch.BLOCK);
      return;
    }
    cuda.launch("roundState", DType.U8)
        .pointer(values)
        .pointer(state.codes())
        .pointer(state.scales())
        .pointer(state.levels())
        .i64(seed)
        .i64(counter)
        .i64(length)
        .run(cuda.grid(Math.ceilDiv(length, RoundedState.BLOCK) * WARP), Launch.BLOCK);
  }

  @Override
  public void widen(RoundedState state, Span values) {
    Operands.require("values", values, DType.F32, state.codes().length());
    cuda.launch("widenState", DType.U8)
        .pointer(state.codes())
        .pointer(state.scales())
        .pointer(state.levels())
        .pointer(values)
        .i64(values.length())
        .run(cuda.grid(values.length()), Launch.BLOCK);
  }

  private static void numbers(UpdateRule.AdamW rule, Launch launch) {
    double root2 = Math.sqrt(rule.correction2());
    launch
        .f32(1 - rule.learningRate() * rule.weightDecay())
        .f32(-rule.learningRate() * root2 / rule.correction1())
        .f32(rule.epsilon() * root2)
        .f32(rule.gradientScale())
        .f32(rule.beta1())
        .f32(1 - rule.beta1())
        .f32(rule.beta2())
        .f32(1 - rule.beta2());
  }

  private static void numbers(UpdateRule.Sgd rule, Launch launch) {
    launch
        .f32(-rule.learningRate())
        .f32(rule.momentum())
        .f32(rule.weightDecay())
        .f32(rule.gradientScale());
  }

  private Launch launch(String rule, DType parameter, DType gradient) {
    if (parameter == gradient) {
      return cuda.launch(rule, parameter);
    }
    if (parameter != DType.F32) {
      throw new IllegalArgumentException(
          "a gradient of %s cannot update a parameter of %s".formatted(gradient, parameter));
    }
    return cuda.launch(rule + "_f32", gradient);
  }
}
