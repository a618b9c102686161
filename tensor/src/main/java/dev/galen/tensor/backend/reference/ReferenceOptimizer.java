package dev.galen.tensor.backend.reference;

import dev.galen.tensor.backend.AdamWStep;
import dev.galen.tensor.backend.OptimizerKernels;
import dev.galen.tensor.backend.Span;

/** AdamW in double precision; parameter and moments are rounded when they are stored. */
final class ReferenceOptimizer implements OptimizerKernels {
  @Override
  public void adamW(AdamWStep step, Span parameter, Span gradient, Span moment1, Span moment2) {
    Require.sameLength("gradient", gradient, "parameter", parameter);
    Require.sameLength("moment1", moment1, "parameter", parameter);
    Require.sameLength("moment2", moment2, "parameter", parameter);
    if (step.step() < 1) {
      throw new IllegalArgumentException("updates count from 1, not " + step.step());
    }
    double correction1 = 1 - Math.pow(step.beta1(), (double) step.step());
    double correction2 = 1 - Math.pow(step.beta2(), (double) step.step());
    Pieces.each(
        parameter.length(),
        (from, count) -> {
          double[] p = Values.read(parameter, from, count);
          double[] g = Values.read(gradient, from, count);
          double[] m = Values.read(moment1, from, count);
          double[] v = Values.read(moment2, from, count);
          for (int i = 0; i < count; i++) {
            double scaled = step.gradientScale() * g[i];
            p[i] -= step.learningRate() * step.weightDecay() * p[i];
            m[i] = step.beta1() * m[i] + (1 - step.beta1()) * scaled;
            v[i] = step.beta2() * v[i] + (1 - step.beta2()) * scaled * scaled;
            double mean = m[i] / correction1;
            double root = Math.sqrt(v[i] / correction2);
            p[i] -= step.learningRate() * mean / (root + step.epsilon());
          }
          Values.write(p, parameter, from);
          Values.write(m, moment1, from);
          Values.write(v, moment2, from);
        });
  }
}
