package dev.galen.tensor.testing;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Holds gradients against central differences, in F64 on the reference backend: {@code df/dx = (f(x
 * + h) - f(x - h)) / 2h} with h = 1e-5, whose error is about h^2 + 1e-16/h = 1e-10 for smooth f.
 * The output is made a scalar by random weights, so that no element's gradient can hide.
 */
public final class GradCheck {
  private static final double STEP = 1e-5;
  private static final Tolerance TOLERANCE = new Tolerance(1e-7, 1e-6);

  private GradCheck() {}

  /**
   * Fails unless the gradients of {@code f} are right at {@code inputs}.
   *
   * @param f from leaves to one tensor; called many times, must be a pure function of them
   * @param inputs F64 tensors on the reference backend
   */
  public static void check(String what, Function<List<Tensor>, Tensor> f, List<Tensor> inputs) {
    try (var scope = MemoryScope.open("gradient check")) {
      List<Tensor> leaves = inputs.stream().map(x -> copy(x.toDoubles(), x)).toList();
      leaves.forEach(Tensor::requireGrad);
      Tensor output = f.apply(leaves);
      var random = new Philox(20260101);
      Tensor weights = Tensors.uniform(Device.REFERENCE, DType.F64, output.shape(), -1, 1, random);
      output.mul(weights).sum().backward();
      for (int i = 0; i < leaves.size(); i++) {
        Tensor grad = leaves.get(i).grad();
        if (grad == null) {
          throw new AssertionError(what + ": input " + i + " received no gradient");
        }
        double[] numeric = differences(f, inputs, i, weights);
        TensorAssert.assertClose(
            what + ": gradient of input " + i, numeric, grad.toDoubles(), TOLERANCE);
      }
    }
  }

  private static double[] differences(
      Function<List<Tensor>, Tensor> f, List<Tensor> inputs, int index, Tensor weights) {
    double[] values = inputs.get(index).toDoubles();
    var gradient = new double[values.length];
    for (int j = 0; j < values.length; j++) {
      double value = values[j];
      values[j] = value + STEP;
      double above = evaluate(f, inputs, index, values, weights);
      values[j] = value - STEP;
      double below = evaluate(f, inputs, index, values, weights);
      values[j] = value;
      gradient[j] = (above - below) / (2 * STEP);
    }
    return gradient;
  }

  private static double evaluate(
      Function<List<Tensor>, Tensor> f,
      List<Tensor> inputs,
      int index,
      double[] values,
      Tensor weights) {
    try (var scope = MemoryScope.open("difference");
        var off = Autograd.noGrad()) {
      var moved = new ArrayList<>(inputs);
      moved.set(index, copy(values, inputs.get(index)));
      return f.apply(moved).mul(weights).sum().item();
    }
  }

  private static Tensor copy(double[] values, Tensor like) {
    return Tensors.of(Device.REFERENCE, values, like.shape().toArray());
  }
}
