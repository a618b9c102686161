package dev.galen.tensor.backend.reference;

import dev.galen.tensor.backend.OptimizerKernels;
import dev.galen.tensor.backend.RoundedState;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.UpdateRule;
import java.util.List;

/** Updates in double precision; parameter and states are rounded when they are stored. */
final class ReferenceOptimizer implements OptimizerKernels {
  @Override
  public void update(UpdateRule rule, Span parameter, Span gradient, List<Span> states) {
    OptimizerKernels.require(rule, parameter, gradient, states);
    Pieces.each(
        parameter.length(),
        (from, count) -> {
          double[] p = Values.read(parameter, from, count);
          double[] g = Values.read(gradient, from, count);
          var s = new double[states.size()][];
          for (int k = 0; k < s.length; k++) {
            s[k] = Values.read(states.get(k), from, count);
          }
          switch (rule) {
            case UpdateRule.AdamW adamW -> adamW(adamW, p, g, s[0], s[1]);
            case UpdateRule.Sgd sgd -> sgd(sgd, p, g, s[0]);
          }
          Values.write(p, parameter, from);
          for (int k = 0; k < s.length; k++) {
            Values.write(s[k], states.get(k), from);
          }
        });
  }

  @Override
  public void round(Span values, RoundedState state, long seed, long counter) {
    ReferenceRounding.round(values, state, seed, counter);
  }

  @Override
  public void widen(RoundedState state, Span values) {
    ReferenceRounding.widen(state, values);
  }

  private static void adamW(UpdateRule.AdamW rule, double[] p, double[] g, double[] m, double[] v) {
    double correction1 = rule.correction1();
    double correction2 = rule.correction2();
    for (int i = 0; i < p.length; i++) {
      double scaled = rule.gradientScale() * g[i];
      p[i] -= rule.learningRate() * rule.weightDecay() * p[i];
      m[i] = rule.beta1() * m[i] + (1 - rule.beta1()) * scaled;
      v[i] = rule.beta2() * v[i] + (1 - rule.beta2()) * scaled * scaled;
      double mean = m[i] / correction1;
      double root = Math.sqrt(v[i] / correction2);
      p[i] -= rule.learningRate() * mean / (root + rule.epsilon());
    }
  }

  private static void sgd(UpdateRule.Sgd rule, double[] p, double[] g, double[] b) {
    for (int i = 0; i < p.length; i++) {
      b[i] = rule.momentum() * b[i] + rule.gradientScale() * g[i] + rule.weightDecay() * p[i];
      p[i] -= rule.learningRate() * b[i];
    }
  }
}
