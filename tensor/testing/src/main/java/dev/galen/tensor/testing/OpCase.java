package dev.galen.tensor.testing;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One way to call a differentiable operation.
 *
 * @param op the class in {@code dev.galen.tensor.ops} without its {@code Op}
 * @param variant what this call exercises
 * @param inputs its floating inputs
 * @param reduction the longest sum inside, for tolerances
 * @param run calls the operation
 */
public record OpCase(
    String op,
    String variant,
    List<Input> inputs,
    long reduction,
    Function<List<Tensor>, Tensor> run) {
  /**
   * An input and the range its random values come from, which keeps clear of poles and kinks.
   *
   * @param shape the extents
   * @param low the smallest value
   * @param high the largest value
   */
  public record Input(Shape shape, double low, double high) {}

  /** Op and variant. */
  public String name() {
    return op + " " + variant;
  }

  /** The inputs with values drawn from {@code seed}: the same numbers on every device and type. */
  public List<Tensor> draw(Device device, DType dtype, long seed) {
    var random = new Philox(seed);
    var tensors = new ArrayList<Tensor>();
    for (Input input : inputs) {
      Tensor values =
          Tensors.uniform(
              Device.REFERENCE, DType.F32, input.shape(), input.low(), input.high(), random);
      tensors.add(values.to(dtype).to(device));
    }
    return tensors;
  }

  @Override
  public String toString() {
    return name();
  }
}
