package dev.galen.tensor.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.DropoutOp;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.ops.FeedForwardOp;
import dev.galen.tensor.ops.LayerNormOp;
import dev.galen.tensor.ops.LinearOp;
import dev.galen.tensor.ops.Recompute;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients where operands are one tensor, views of one another, views of views, or not contiguous:
 * the ways in which memory and gradients are shared.
 */
class SharedOperandsTest {
  /** A graph and the shapes of its leaves. */
  record Case(String name, Function<List<Tensor>, Tensor> graph, int[]... leaves) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static int[] of(int... dims) {
    return dims;
  }

  static Stream<Case> oneTensorTwice() {
    return Stream.of(
        new Case("x * x", x -> x.get(0).mul(x.get(0)), of(3, 4)),
        new Case("x - x * x", x -> x.get(0).sub(x.get(0).mul(x.get(0))), of(3, 4)),
        new Case("max(x, x)", x -> x.get(0).maximum(x.get(0)), of(3, 4)),
        new Case("x x^T", x -> x.get(0).matmul(x.get(0), false, true), of(3, 4)),
        new Case("x^T x", x -> x.get(0).matmul(x.get(0), true, false), of(3, 4)),
        new Case("y y^T of a computed y", x -> square(x.get(0).mul(2)), of(3, 4)),
        new Case("linear of a weight by itself", x -> linear(x.get(0), x.get(0)), of(4, 4)),
        new Case("query = key = value", x -> attention(x.get(0), x.get(0), x.get(0)), of(2, 3, 4)),
        new Case("the same, computed", x -> selfAttention(x.get(0).mul(1.5)), of(2, 3, 4)),
        new Case(
            "query = key", x -> attention(x.get(0), x.get(0), x.get(1)), of(2, 3, 4), of(2, 3, 4)),
        new Case("concat(x, x)", x -> ConcatOp.apply(0, x.get(0), x.get(0)), of(3, 4)),
        new Case(
            "layer norm, weight = bias", x -> norm(x.get(0), x.get(1), x.get(1)), of(2, 4), of(4)),
        new Case("layer norm by its own sums", x -> normBySums(x.get(0).mul(2)), of(2, 4)),
        new Case(
            "feed-forward by one weight and bias, beside its input",
            x -> square(feedForward(x.get(0).mul(2), x.get(1), x.get(2))),
            of(2, 4),
            of(4, 4),
            of(4)),
        new Case(
            "feed-forward of its own weight",
            x -> feedForward(x.get(0), x.get(0), x.get(1)),
            of(4, 4),
            of(4)),
        new Case("tied embedding and head", x -> linear(embed(x.get(0)), x.get(0)), of(3, 4)));
  }

  static Stream<Case> viewsOfViews() {
    return Stream.of(
        new Case("slices of slices", x -> slices(x.get(0)), of(6, 5)),
        new Case(
            "slice of a transposed slice",
            x -> x.get(0).slice(0, 1, 5).transpose(0, 1).slice(0, 1, 3).mul(2),
            of(6, 5)),
        new Case(
            "expand of expand",
            x -> x.get(0).expand(Shape.of(4, 3)).expand(Shape.of(2, 4, 3)).mul(x.get(0)),
            of(3)),
        new Case(
            "expand in the middle",
            x -> x.get(0).expand(Shape.of(2, 5, 3)).mul(x.get(1)),
            of(2, 1, 3),
            of(2, 5, 3)),
        new Case(
            "slice of expand",
            x -> x.get(0).expand(Shape.of(4, 3)).slice(0, 1, 3).slice(1, 0, 2).mul(2),
            of(1, 3)),
        new Case(
            "reshape of a transposed expand",
            x -> x.get(0).expand(Shape.of(4, 3)).transpose(0, 1).reshape(2, 6),
            of(3)),
        new Case("embedding of a transpose", x -> embed(x.get(0).transpose(0, 1)), of(4, 3)));
  }

  static Stream<Case> operandsThatAreNotContiguous() {
    return Stream.of(
        new Case(
            "linear, transposed weight",
            x -> linear(x.get(0), x.get(1).transpose(0, 1)),
            of(2, 4),
            of(4, 3)),
        new Case(
            "linear, sliced weight and bias",
            x -> LinearOp.apply(x.get(0), x.get(1).slice(1, 0, 2), x.get(2).slice(0, 1, 3), false),
            of(2, 4),
            of(4, 3),
            of(4)),
        new Case(
            "feed-forward, transposed input and weight, sliced biases",
            x ->
                FeedForwardOp.apply(
                    x.get(0).transpose(0, 1),
                    x.get(1).transpose(0, 1),
                    x.get(2).slice(0, 1, 4),
                    Unary.TANH,
                    x.get(1),
                    x.get(2).slice(0, 0, 4),
                    false),
            of(4, 2),
            of(3, 4),
            of(5)),
        new Case(
            "layer norm, expanded weight",
            x -> norm(x.get(0), x.get(1).expand(Shape.of(4)), x.get(2)),
            of(2, 4),
            of(1),
            of(4)));
  }

  static Stream<Case> scalars() {
    return Stream.of(
        new Case("sum", x -> x.get(0).sum(), of()),
        new Case("mean", x -> x.get(0).mean(), of()),
        new Case("element by element", x -> x.get(0).mul(x.get(0)).add(2).exp().neg(), of()),
        new Case("times a matrix", x -> x.get(0).mul(x.get(1)), of(), of(3, 4)),
        new Case("expanded", x -> x.get(0).expand(Shape.of(2, 3)).mul(3), of()),
        new Case("reshaped there and back", x -> x.get(0).reshape(1, 1).reshape(), of()),
        new Case("dropped", x -> DropoutOp.apply(x.get(0), 0.5, new Philox(1)), of()));
  }

  static Stream<Case> recomputedBlocks() {
    return Stream.of(
        new Case(
            "of a leaf",
            x -> Recompute.of(y -> block(y, x.get(1)), x.get(0), null),
            of(2, 3),
            of(2, 3)),
        new Case(
            "that hands its input through",
            x -> Recompute.of(y -> y, x.get(0), null).mul(x.get(0)),
            of(2, 3)),
        new Case(
            "that hands a computed input through",
            x -> {
              Tensor y = x.get(0).mul(2);
              return Recompute.of(z -> z, y, null).mul(y);
            },
            of(2, 3)),
        new Case(
            "that returns a view",
            x -> Recompute.of(y -> y.transpose(0, 1), x.get(0).mul(2), null).mul(3),
            of(2, 3)),
        new Case(
            "of a view",
            x -> Recompute.of(y -> block(y, x.get(1)), x.get(0).transpose(0, 1), null),
            of(3, 2),
            of(2, 3)),
        new Case(
            "that leaves its input unused",
            x -> Recompute.of(y -> x.get(1).mul(2), x.get(0), null).add(x.get(0)),
            of(2, 3),
            of(2, 3)),
        new Case(
            "inside of another",
            x ->
                Recompute.of(
                    y -> Recompute.of(z -> block(z, x.get(1)), y.mul(2), null).exp(),
                    x.get(0),
                    null),
            of(2, 3),
            of(2, 3)));
  }

  @ParameterizedTest
  @MethodSource({
    "oneTensorTwice",
    "viewsOfViews",
    "operandsThatAreNotContiguous",
    "scalars",
    "recomputedBlocks"
  })
  void gradientsEqualDifferences(Case c) {
    var leaves = new ArrayList<Tensor>();
    for (int[] dims : c.leaves()) {
      var random = new Philox(leaves.size());
      leaves.add(Tensors.uniform(Device.REFERENCE, DType.F64, Shape.of(dims), -1, 1, random));
    }
    GradCheck.check(c.name(), c.graph(), leaves);
  }

  @Test
  void aBlockThatHandsItsInputThroughLeavesItsOwnerAlone() {
    Tensor input;
    try (var outer = MemoryScope.open("outer")) {
      Tensor output;
      try (var inner = MemoryScope.open("inner")) {
        input = Tensors.of(Device.REFERENCE, new double[] {1, 2}, 2).requireGrad();
        output = Recompute.of(x -> x, input, null);
        assertSame(null, input.node());
        output.keep();
      }
      assertThrows(IllegalStateException.class, input::toDoubles);
      assertArrayEquals(new double[] {1, 2}, output.toDoubles());
    }
  }

  @Test
  void aLeafThatIsFreedBeforeItsGradientIsAskedForIsNamed() {
    Tensor loss;
    try (var inner = MemoryScope.open("inner")) {
      Tensor x = Tensors.of(Device.REFERENCE, new double[] {1, 2}, 2).requireGrad();
      loss = x.mul(x).sum().keep();
    }
    var error = assertThrows(IllegalStateException.class, loss::backward);
    assertTrue(error.getMessage().contains("scope 'inner'"), error.getMessage());
  }

  @Test
  void keepingAViewKeepsWhatItLooksAt() {
    Tensor view;
    try (var inner = MemoryScope.open("inner")) {
      Tensor x = Tensors.of(Device.REFERENCE, new double[] {1, 2, 3, 4}, 2, 2);
      view = x.transpose(0, 1).slice(0, 1, 2).keep();
    }
    assertArrayEquals(new double[] {2, 4}, view.toDoubles());
  }

  @Test
  void noGradInsideOfAGraphCutsItThere() {
    Tensor x = Tensors.of(Device.REFERENCE, new double[] {3}, 1).requireGrad();
    Tensor constant;
    try (var off = Autograd.noGrad()) {
      constant = x.mul(x);
      try (var on = Autograd.enableGrad()) {
        assertTrue(x.mul(2).requiresGrad());
      }
      assertEquals(false, x.mul(2).requiresGrad());
    }
    x.mul(constant).sum().backward();
    assertArrayEquals(new double[] {9}, x.grad().toDoubles());
  }

  private static Tensor square(Tensor y) {
    return y.matmul(y, false, true);
  }

  private static Tensor linear(Tensor x, Tensor weight) {
    return LinearOp.apply(x, weight, null, true);
  }

  private static Tensor feedForward(Tensor x, Tensor weight, Tensor bias) {
    return x.add(FeedForwardOp.apply(x, weight, bias, Unary.GELU_ERF, weight, bias, true));
  }

  private static Tensor attention(Tensor q, Tensor k, Tensor v) {
    return AttentionOp.apply(q, k, v, 2, AttentionOp.Options.causal(2));
  }

  private static Tensor selfAttention(Tensor x) {
    return attention(x, x, x);
  }

  private static Tensor norm(Tensor x, Tensor weight, Tensor bias) {
    return LayerNormOp.apply(x, weight, bias, 1e-5);
  }

  private static Tensor normBySums(Tensor x) {
    return norm(x, x.sum(0), x.mean(0));
  }

  private static Tensor embed(Tensor table) {
    return EmbeddingOp.apply(table, Tensors.of(Device.REFERENCE, new int[] {2, 0, 2}, 3));
  }

  private static Tensor slices(Tensor x) {
    Tensor lower = x.slice(0, 1, 5).slice(1, 1, 4).slice(0, 1, 3);
    return lower.mul(x.slice(0, 0, 2).slice(1, 0, 3));
  }

  private static Tensor block(Tensor x, Tensor weight) {
    return x.mul(weight).tanh();
  }
}
