package dev.galen.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** Routing to experts, and the way back of what they give. */
class ExpertOpsTest {
  private static Tensor of(double[] values, int... dims) {
    return Tensors.of(Device.REFERENCE, values, dims);
  }

  private static Tensor ids(int... ids) {
    return Tensors.of(Device.REFERENCE, ids, ids.length);
  }

  @Test
  void theLargestAreRenormalised() {
    Tensor logits = of(new double[] {0.1, 2, -1, 1, 3, 0, 3, 2.5}, 2, 4);
    var routing = RouteOp.apply(logits, 2);
    assertArrayEquals(new int[] {1, 3, 0, 2}, routing.experts().toInts());
    double[] all = SoftmaxOp.apply(logits).toDoubles();
    double first = all[1] + all[3];
    assertArrayEquals(
        new double[] {all[1] / first, all[3] / first, 0.5, 0.5},
        routing.weights().toDoubles(),
        1e-12);
  }

  /** PyTorch's order among equals differs by size; ours is that of the experts. */
  @Test
  void ofEqualsTheFirstComesFirst() {
    Tensor logits = of(new double[] {0, 0, 0, 0, 1, -0.0, 0, 1}, 2, 4);
    assertArrayEquals(new int[] {0, 1, 0, 3}, RouteOp.apply(logits, 2).experts().toInts());
    assertArrayEquals(new int[] {0, 1, 2, 0, 3, 1}, RouteOp.apply(logits, 3).experts().toInts());
  }

  @Test
  void weightsAreF32UnlessTheyAreMore() {
    Tensor logits = of(new double[] {1, 2}, 1, 2);
    assertEquals(DType.F64, RouteOp.apply(logits, 1).weights().dtype());
    assertEquals(DType.F32, RouteOp.apply(logits.to(DType.BF16), 1).weights().dtype());
  }

  @Test
  void moreExpertsThanThereAreAreRefused() {
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> RouteOp.apply(of(new double[] {1, 2}, 1, 2), 3));
    assertEquals("routing to 3 experts by logits [1, 2]; they are [N, E]", error.getMessage());
  }

  @Test
  void rowsAreAddedWhereTheyBelong() {
    Tensor x = of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2).requireGrad();
    Tensor weights = of(new double[] {0.5, 2, -1}, 3).requireGrad();
    Tensor y = ScatterRowsOp.apply(x, ids(2, 0, 2), weights, 4);
    assertArrayEquals(new double[] {6, 8, 0, 0, -4.5, -5, 0, 0}, y.toDoubles(), 1e-12);
    y.mul(of(new double[] {1, 10, 9, 9, 3, 7, 9, 9}, 4, 2)).sum().backward();
    assertArrayEquals(new double[] {1.5, 3.5, 2, 20, -3, -7}, x.grad().toDoubles(), 1e-12);
    assertArrayEquals(new double[] {17, 43, 57}, weights.grad().toDoubles(), 1e-12);
  }

  @Test
  void nothingScattersToZeros() {
    Tensor none = ScatterRowsOp.apply(of(new double[0], 0, 2), ids(), of(new double[0], 0), 2);
    assertArrayEquals(new double[4], none.toDoubles());
  }

  @Test
  void aRowOutsideIsNamed() {
    Tensor x = of(new double[] {1, 2}, 2, 1);
    var error =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> ScatterRowsOp.apply(x, ids(0, 3), of(new double[] {1, 1}, 2), 3));
    assertEquals("id 3 at position 1 is outside the table of 3 rows", error.getMessage());
  }
}
