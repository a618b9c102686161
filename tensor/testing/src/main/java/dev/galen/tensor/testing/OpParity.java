package dev.galen.tensor.testing;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.memory.MemoryScope;
import java.util.ArrayList;
import java.util.List;

/** Holds a device against the reference: the same operation, the same numbers, both ways. */
public final class OpParity {
  private static final long SEED = 1;

  private OpParity() {}

  /** Fails unless output and every gradient agree, in F32. */
  public static void check(OpCase op, Device device) {
    check(op, device, DType.F32);
  }

  /** The same in F32, F16 or BF16: both sides get the same rounded inputs. */
  public static void check(OpCase op, Device device, DType dtype) {
    try (var scope = MemoryScope.open("parity of " + op.name())) {
      List<Tensor> expected = results(op, Device.REFERENCE, dtype);
      List<Tensor> actual = results(op, device, dtype);
      for (int i = 0; i < expected.size(); i++) {
        TensorAssert.assertClose(
            op.name() + (i == 0 ? "" : ": gradient of input " + (i - 1)),
            expected.get(i),
            actual.get(i),
            Tolerance.rounded(dtype, op.reduction()));
      }
    }
  }

  private static List<Tensor> results(OpCase op, Device device, DType dtype) {
    List<Tensor> leaves = op.draw(device, dtype, SEED);
    leaves.forEach(Tensor::requireGrad);
    Tensor output = op.run().apply(leaves);
    output.sum().backward();
    var results = new ArrayList<Tensor>();
    results.add(output);
    leaves.forEach(leaf -> results.add(leaf.grad()));
    return results;
  }
}
