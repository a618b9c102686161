package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;

import dev.galen.tensor.backend.AdamWStep;
import dev.galen.tensor.backend.OptimizerKernels;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * AdamW in one pass: four streams in, three out, 28 bytes per parameter. Memory is the limit; the
 * root and the division hide behind it. Measure again with {@code StreamSpeed}.
 */
final class VectorOptimizer implements OptimizerKernels {
  private final WorkerPool pool;
  private final OptimizerKernels reference;

  VectorOptimizer(WorkerPool pool, OptimizerKernels reference) {
    this.pool = pool;
    this.reference = reference;
  }

  @Override
  public void adamW(AdamWStep step, Span parameter, Span gradient, Span moment1, Span moment2) {
    if (!F32.all(parameter, gradient, moment1, moment2)) {
      reference.adamW(step, parameter, gradient, moment1, moment2);
      return;
    }
    if (step.step() < 1) {
      throw new IllegalArgumentException("updates count from 1, not " + step.step());
    }
    long length = parameter.length();
    var p = F32.memory("parameter", parameter, length);
    var g = F32.same("gradient", gradient, "parameter", length);
    var m = F32.same("moment1", moment1, "parameter", length);
    var v = F32.same("moment2", moment2, "parameter", length);
    // p -= lr/c1 m / (sqrt(v/c2) + eps), multiplied through by sqrt(c2).
    double correction1 = 1 - Math.pow(step.beta1(), (double) step.step());
    double root2 = Math.sqrt(1 - Math.pow(step.beta2(), (double) step.step()));
    float keep = (float) (1 - step.learningRate() * step.weightDecay());
    float rate = (float) (-step.learningRate() * root2 / correction1);
    float epsilon = (float) (step.epsilon() * root2);
    float scale = (float) step.gradientScale();
    float beta1 = (float) step.beta1();
    float beta2 = (float) step.beta2();
    float rest1 = (float) (1 - step.beta1());
    float rest2 = (float) (1 - step.beta2());
    Elementwise.run(
        pool,
        length,
        (slices, n) -> update(slices, n, keep, rate, epsilon, scale, beta1, beta2, rest1, rest2),
        3,
        p,
        m,
        v,
        g);
    F32.keep(parameter, gradient, moment1, moment2);
  }

  private static void update(
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
