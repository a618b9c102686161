package dev.galen.tensor.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.CrossEntropyOp;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.ops.FeedForwardOp;
import dev.galen.tensor.ops.LayerNormOp;
import dev.galen.tensor.ops.LinearOp;
import dev.galen.tensor.ops.RmsNormOp;
import dev.galen.tensor.ops.SampleOp;
import dev.galen.tensor.random.Philox;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation in every floating type, on tensors without elements, and refused with shapes. */
class AwkwardTensorsTest {
  /** What has no value over no elements, or no id to look up: tested by hand below. */
  private static final Set<String> UNDEFINED =
      Set.of("Reduce mean of all", "Reduce mean of rows", "Reduce max of rows");

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void valuesAndGradientsAreNearThoseInF64(DType dtype) {
    for (OpCase op : OpCatalog.cases(9, 17)) {
      try (var scope = MemoryScope.open("case")) {
        List<Tensor> inputs = leaves(op.draw(Device.REFERENCE, dtype, 5));
        List<Tensor> exact = leaves(inputs.stream().map(x -> x.detach().to(DType.F64)).toList());
        Tensor y = op.run().apply(inputs);
        Tensor want = op.run().apply(exact);
        var tolerance = Tolerance.of(dtype, op.reduction());
        TensorAssert.assertClose(op.name(), want, y, tolerance);
        y.to(DType.F64).sum().backward();
        want.sum().backward();
        for (int i = 0; i < inputs.size(); i++) {
          String what = op.name() + ": gradient of input " + i;
          TensorAssert.assertClose(what, exact.get(i).grad(), inputs.get(i).grad(), tolerance);
        }
      }
    }
  }

  @Test
  void attentionKeepsItsSumsInF32() {
    // Scores near 100: their sums in BF16 would put each weight off by up to a fifth.
    Shape shape = Shape.of(1, 6, 8);
    Tensor q = Tensors.uniform(Device.REFERENCE, DType.F64, shape, 4, 5, new Philox(1));
    Tensor k = Tensors.uniform(Device.REFERENCE, DType.F64, shape, 4, 5, new Philox(2));
    Tensor v = Tensors.uniform(Device.REFERENCE, DType.F64, shape, -1, 1, new Philox(3));
    List<Tensor> coarse = leaves(Stream.of(q, k, v).map(x -> x.to(DType.BF16)).toList());
    List<Tensor> exact = leaves(coarse.stream().map(x -> x.detach().to(DType.F64)).toList());
    for (List<Tensor> in : List.of(coarse, exact)) {
      var options = AttentionOp.Options.causal(4);
      Tensor y = AttentionOp.apply(in.get(0), in.get(1), in.get(2), 2, options);
      y.to(DType.F64).sum().backward();
    }
    TensorAssert.assertClose(
        "dValue", exact.get(2).grad(), coarse.get(2).grad(), Tolerance.of(DType.BF16, 1));
  }

  static Stream<OpCase> emptyCases() {
    return Stream.of(OpCatalog.cases(0, 5), OpCatalog.cases(4, 0), OpCatalog.cases(0, 0))
        .flatMap(List::stream)
        .filter(op -> !UNDEFINED.contains(op.name()))
        .filter(op -> !Set.of("Embedding", "CrossEntropy", "Sample").contains(op.op()));
  }

  @ParameterizedTest
  @MethodSource("emptyCases")
  void emptyTensorsGoThrough(OpCase op) {
    try (var scope = MemoryScope.open("case")) {
      List<Tensor> inputs = leaves(op.draw(Device.REFERENCE, DType.F64, 5));
      op.run().apply(inputs).sum().backward();
      for (Tensor input : inputs) {
        assertNotNull(input.grad());
        for (double value : input.grad().toDoubles()) {
          assertTrue(Double.isFinite(value), op.name());
        }
      }
    }
  }

  @Test
  void sumsOverNothingAreZeroAndWhatIsAddedStays() {
    var device = Device.REFERENCE;
    Tensors.full(device, DType.F64, Shape.of(6), 7).free(); // used memory, which may come again
    Tensor none = Tensors.zeros(device, DType.F64, Shape.of(3, 0));
    assertArrayEquals(new double[3], none.sum(1).toDoubles());
    assertArrayEquals(new double[6], none.matmul(none.reshape(0, 2)).toDoubles());
    Tensor bias = Tensors.of(device, new double[] {1, 2}, 2);
    assertArrayEquals(
        new double[] {1, 2, 1, 2, 1, 2},
        LinearOp.apply(none, none.reshape(0, 2), bias, false).toDoubles());
    Tensor noIds = Tensors.of(device, new int[0], 0);
    Tensor table = Tensors.zeros(device, DType.F64, Shape.of(3, 2)).requireGrad();
    Tensor rows = EmbeddingOp.apply(table, noIds);
    CrossEntropyOp.apply(rows, noIds, 1).backward();
    assertArrayEquals(new double[6], table.grad().toDoubles());
  }

  @Test
  void refusalsCarryShapes() {
    Tensor a = Tensors.zeros(Device.REFERENCE, DType.F64, Shape.of(3, 4));
    Tensor b = Tensors.zeros(Device.REFERENCE, DType.F64, Shape.of(5, 6));
    Tensor c = Tensors.zeros(Device.REFERENCE, DType.F64, Shape.of(2, 3, 4));
    assertCarries("[3, 4] and [5, 6]", () -> a.add(b));
    assertCarries("[3, 4] and [5, 6]", () -> a.matmul(b));
    assertCarries("[3, 4] with weight [5, 6]", () -> LinearOp.apply(a, b, null, false));
    assertCarries("[3, 4] with weight [2, 3, 4]", () -> LinearOp.apply(a, c, null, false));
    assertCarries(
        "[3, 4] with weights [4, 3] and [5, 6] ([in, out]) and biases none and none",
        () -> FeedForwardOp.apply(a, a.transpose(0, 1), null, Unary.RELU, b, null, false));
    assertCarries("[3, 4] with weight [5, 6]", () -> LayerNormOp.apply(a, b, b, 1e-5));
    assertCarries("[3, 4] and [5, 6]", () -> LayerNormOp.residual(a, b, a, a, 1e-5));
    assertCarries("[3, 4] with weight [5, 6]", () -> LayerNormOp.residual(a, a, b, b, 1e-5));
    assertCarries("[3, 4] with weight [5, 6]", () -> RmsNormOp.apply(a, b, 1e-5));
    assertCarries("[3, 4] and [5, 6]", () -> ConcatOp.apply(0, a, b));
    assertCarries("[3, 4] to [5, -1]", () -> a.reshape(5, -1));
    assertCarries("dimension 0 of shape [3, 4]", () -> a.slice(0, 2, 9));
    assertCarries("[5, 6]", () -> a.expand(b.shape()));
    assertCarries("[2, 3, 4]", () -> AttentionOp.packed(c, 2, AttentionOp.Options.causal(2)));
    var causal = AttentionOp.Options.causal(2);
    assertCarries("[2, 3, 4]", () -> AttentionOp.packed(c, 4, causal.withKeyHeads(2)));
    assertCarries("[2, 3, 4]", () -> AttentionOp.packed(c, 3, causal.withKeyHeads(2)));
    assertCarries("[2, 3, 4]", () -> AttentionOp.packed(c, 2, causal.withKeyHeads(-1)));
    Tensor narrow = c.slice(2, 0, 2);
    assertCarries(
        "query [2, 3, 4], key [2, 3, 2], value [2, 3, 2] with 2 heads over 2 of keys",
        () -> AttentionOp.apply(c, narrow, narrow, 2, causal));
    assertCarries(
        "query [2, 3, 4], key [2, 3, 4], value [2, 3, 4] with 2 heads over 1 of keys",
        () -> AttentionOp.apply(c, c, c, 2, causal.withKeyHeads(1)));
    assertCarries(
        "query [2, 3, 4], key [3, 4], value [3, 4]", () -> AttentionOp.apply(c, a, a, 2, causal));
    assertCarries("negative window -1", () -> AttentionOp.apply(c, c, c, 2, causal.withWindow(-1)));
    assertCarries("F64 and F32", () -> a.add(a.to(DType.F32)));
    assertCarries(
        "F64 and F32",
        () -> LinearOp.apply(a, a, a.to(DType.F32).reshape(-1).slice(0, 0, 3), true));
    assertCarries("MEAN over no elements of shape [0]", () -> a.slice(0, 0, 0).mean());
    assertCarries("argmax over no elements of shape [3, 0]", () -> a.slice(1, 0, 0).argmax());
    assertCarries(
        "a draw from no elements of shape [3, 0]",
        () -> SampleOp.apply(a.slice(1, 0, 0), 1, 1, 1, new Philox(1)));
  }

  private static void assertCarries(String text, Executable refused) {
    var error = assertThrows(IllegalArgumentException.class, refused);
    assertTrue(error.getMessage().contains(text), error.getMessage());
  }

  private static List<Tensor> leaves(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::requireGrad).toList();
  }
}
