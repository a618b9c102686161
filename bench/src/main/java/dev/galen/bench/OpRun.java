package dev.galen.bench;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import dev.galen.tensor.testing.OpCase;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import java.util.ArrayList;
import java.util.List;

/**
 * An operation ready to run forward and backward. The gradient that it starts from is drawn: behind
 * a sum it would be all ones, with which softmax's is zero whatever is computed.
 *
 * @param op the case
 * @param inputs its operands
 * @param dOutput the output's gradient
 */
record OpRun(OpCase op, List<Tensor> inputs, Tensor dOutput) {
  /** The same numbers on every device. */
  static OpRun draw(OpCase op, Device device) {
    List<Tensor> inputs = op.draw(device, DType.F32, 1);
    Tensor output;
    try (var off = Autograd.noGrad()) {
      output = op.run().apply(inputs);
    }
    Tensor gradient =
        Tensors.uniform(Device.REFERENCE, DType.F32, output.shape(), -1, 1, new Philox(2));
    inputs.forEach(Tensor::requireGrad);
    return new OpRun(op, inputs, gradient.to(output.dtype()).to(device));
  }

  /** Forward and backward, into gradients that began at zero; returns the output. */
  Tensor forwardBackward() {
    inputs.forEach(Tensor::zeroGrad);
    Tensor output = op.run().apply(inputs);
    Autograd.backward(output, dOutput);
    return output;
  }

  /** Fails unless output and gradients on {@code device} are those of the reference. */
  static void check(OpCase op, Device device) {
    try (var scope = MemoryScope.open("check of " + op.name())) {
      List<Tensor> expected = draw(op, Device.REFERENCE).results();
      List<Tensor> actual = draw(op, device).results();
      for (int i = 0; i < expected.size(); i++) {
        TensorAssert.assertClose(
            op.name() + (i == 0 ? "" : ": gradient of input " + (i - 1)),
            expected.get(i),
            actual.get(i),
            Tolerance.of(DType.F32, op.reduction()));
      }
    }
  }

  private List<Tensor> results() {
    var results = new ArrayList<Tensor>();
    results.add(forwardBackward());
    inputs.forEach(input -> results.add(input.grad()));
    return results;
  }
}
