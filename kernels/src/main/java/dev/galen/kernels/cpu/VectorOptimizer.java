package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;

import dev.galen.tensor.backend.OptimizerKernels;
import dev.galen.tensor.backend.RoundedState;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.UpdateRule;
import dev.galen.tensor.backend.host.HostBuffer;
import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * Updates in one pass. AdamW has four streams in and three out, 28 bytes per parameter: memory is
 * the limit, and the root and the division hide behind it. Measure again with {@code StreamSpeed}.
 */
final class VectorOptimizer implements OptimizerKernels {
  private final WorkerPool pool;
  private final OptimizerKernels reference;
  private final StateRounding rounding;

  VectorOptimizer(WorkerPool pool, OptimizerKernels reference) {
    this.pool = pool;
    this.reference = reference;
    this.rounding = new StateRounding(pool);
  }

  @Override
  public void update(UpdateRule rule, Span parameter, Span gradient, List<Span> states) {
    OptimizerKernels.require(rule, parameter, gradient, states);
    if (!F32.all(parameter, gradient) || !F32.all(states.toArray(Span[]::new))) {
      reference.update(rule, parameter, gradient, states);
      return;
    }
    switch (rule) {
      case UpdateRule.AdamW adamW -> adamW(adamW, parameter, gradient, states);
      case UpdateRule.Sgd sgd -> sgd(sgd, parameter, gradient, states);
    }
    F32.keep(parameter, gradient);
    F32.keep(states.toArray(Span[]::new));
  }

  @Override
  public void round(Span values, RoundedState state, long seed, long counter) {
    rounding.round(values, state, seed, counter);
  }

  @Override
  public void widen(RoundedState state, Span values) {
    rounding.widen(state, values);
  }

  private void adamW(UpdateRule.AdamW rule, Span parameter, Span gradient, List<Span> states) {
    // p -= lr/c1 m / (sqrt(v/c2) + eps), multiplied through by sqrt(c2).
    double root2 = Math.sqrt(rule.correction2());
    float keep = (float) (1 - rule.learningRate() * rule.weightDecay());
    float rate = (float) (-rule.learningRate() * root2 / rule.correction1());
    float epsilon = (float) (rule.epsilon() * root2);
    float scale = (float) rule.gradientScale();
    float beta1 = (float) rule.beta1();
    float beta2 = (float) rule.beta2();
    float rest1 = (float) (1 - rule.beta1());
    float rest2 = (float) (1 - rule.beta2());
    Elementwise.run(
        pool,
        parameter.length(),
        (slices, n) -> adamW(slices, n, keep, rate, epsilon, scale, beta1, beta2, rest1, rest2),
        3,
        HostBuffer.segment(parameter),
        HostBuffer.segment(states.get(0)),
        HostBuffer.segment(states.get(1)),
        HostBuffer.segment(gradient));
  }

  private void sgd(UpdateRule.Sgd rule, Span parameter, Span gradient, List<Span> states) {
    float rate = (float) -rule.learningRate();
    float momentum = (float) rule.momentum();
    float decay = (float) rule.weightDecay();
    float scale = (float) rule.gradientScale();
    Elementwise.run(
        pool,
        parameter.length(),
        (slices, n) -> sgd(slices, n, rate, momentum, decay, scale),
        2,
        HostBuffer.segment(parameter),
        HostBuffer.segment(states.get(0)),
        HostBuffer.segment(gradient));
  }

  private static void sgd(
      Slices slices, int n, float rate, float momentum, float decay, float scale) {
    MemorySegment p = slices.slice(0, n);
    MemorySegment b = slices.slice(1, n);
    MemorySegment g = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      FloatVector parameter = load(p, i);
      FloatVector gradient = load(g, i).mul(scale).add(parameter.mul(decay));
      FloatVector sum = load(b, i).mul(momentum).add(gradient);
      store(parameter.add(sum.mul(rate)), p, i);
      store(sum, b, i);
    }
  }

  private static void adamW(
      Slices slices,
      int n,
      float keep,
      float rate,
      float epsilon,
      float scale,
      float beta1,
      float beta2,
      float rest1,
      float rest2) {
    MemorySegment p = slices.slice(0, n);
    MemorySegment m = slices.slice(1, n);
    MemorySegment v = slices.slice(2, n);
    MemorySegment g = slices.slice(3, n);
    for (int i = 0; i < n; i += L) {
      FloatVector gradient = load(g, i).mul(scale);
      FloatVector mean = load(m, i).mul(beta1).add(gradient.mul(rest1));
      FloatVector square = load(v, i).mul(beta2).add(gradient.mul(gradient).mul(rest2));
      FloatVector change = mean.div(square.sqrt().add(epsilon)).mul(rate);
      store(load(p, i).mul(keep).add(change), p, i);
      store(mean, m, i);
      store(square, v, i);
    }
  }
}
