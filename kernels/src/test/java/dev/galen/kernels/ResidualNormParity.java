package dev.galen.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.LayerNormOp;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;

/**
 * The residual sum and its LayerNorm at once, against an addition and a LayerNorm one after the
 * other: types, values and gradients are the same to the bit.
 */
public final class ResidualNormParity {
  private static final double EPSILON = 1e-5;
  private static final int[][] SHAPES = {{1, 1}, {13, 13}, {37, 207}, {5, 768}, {3, 4104}};

  private ResidualNormParity() {}

  /** In every type, then with the types that a block of GPT-2 has under autocast, and others. */
  public static void check(Device device) {
    for (int[] shape : SHAPES) {
      for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
        check(device, shape, null, dtype, dtype, dtype);
      }
      check(device, shape, DType.BF16, DType.F32, DType.BF16, DType.F32);
      check(device, shape, DType.F16, DType.F32, DType.F32, DType.F32);
      check(device, shape, DType.BF16, DType.BF16, DType.BF16, DType.F32);
      check(device, shape, DType.F16, DType.BF16, DType.F16, DType.F16);
    }
  }

  private static void check(
      Device device, int[] shape, DType cast, DType x, DType residual, DType parameters) {
    String what =
        "%s of %s + %s, parameters %s, autocast %s, on %s"
            .formatted(Shape.of(shape), x, residual, parameters, cast, device);
    try (var scope = MemoryScope.open("residual norm")) {
      List<Tensor> fused = results(device, shape, cast, true, x, residual, parameters);
      List<Tensor> apart = results(device, shape, cast, false, x, residual, parameters);
      for (int i = 0; i < fused.size(); i++) {
        assertEquals(apart.get(i).dtype(), fused.get(i).dtype(), what + ", result " + i);
        assertArrayEquals(
            apart.get(i).toDoubles(), fused.get(i).toDoubles(), what + ", result " + i);
      }
    }
  }

  /** The sum, its norm, and the gradients of both terms and of weight and bias. */
  private static List<Tensor> results(
      Device device,
      int[] shape,
      DType cast,
      boolean fused,
      DType x,
      DType residual,
      DType parameters) {
    List<Tensor> leaves =
        List.of(
            leaf(device, x, 1, shape),
            leaf(device, residual, 2, shape),
            leaf(device, parameters, 3, shape[1]),
            leaf(device, parameters, 4, shape[1]));
    Tensor sum;
    Tensor y;
    try (var mode = cast == null ? Autograd.enableGrad() : Autocast.to(cast)) {
      if (fused) {
        var both =
            LayerNormOp.residual(
                leaves.get(0), leaves.get(1), leaves.get(2), leaves.get(3), EPSILON);
        sum = both.sum();
        y = both.output();
      } else {
        sum = leaves.get(0).add(leaves.get(1));
        y = LayerNormOp.apply(sum, leaves.get(2), leaves.get(3), EPSILON);
      }
    }
    // Both outputs are used, each with a gradient of its own.
    sum.to(DType.F32).mul(y.to(DType.F32)).sum().backward();
    var results = new ArrayList<>(List.of(sum, y));
    leaves.forEach(leaf -> results.add(leaf.grad()));
    return results;
  }

  private static Tensor leaf(Device device, DType dtype, long seed, int... shape) {
    return Tensors.normal(Device.REFERENCE, DType.F32, Shape.of(shape), 0, 1, new Philox(seed))
        .to(dtype)
        .to(device)
        .requireGrad();
  }
}
