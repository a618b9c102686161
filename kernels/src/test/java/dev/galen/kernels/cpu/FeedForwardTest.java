package dev.galen.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.FeedForwardOp;
import dev.galen.tensor.ops.LinearOp;
import dev.galen.tensor.random.Philox;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operation against the three that it stands for: the same bits in F32. */
class FeedForwardTest {
  private static final int ROWS = 14;
  private static final int IN = 13;
  private static final int INNER = 40;
  private static final int OUT = 9;

  /** The function of five leaves: X, W1, b1, W2, b2. */
  private interface Graph {
    Tensor of(List<Tensor> leaves);
  }

  private static Graph one(Unary f, boolean outputFirst) {
    return x ->
        FeedForwardOp.apply(x.get(0), x.get(1), x.get(2), f, x.get(3), x.get(4), outputFirst);
  }

  private static Graph three(Unary f, boolean outputFirst) {
    return x ->
        LinearOp.apply(
            LinearOp.apply(x.get(0), x.get(1), x.get(2), outputFirst).map(f),
            x.get(3),
            x.get(4),
            outputFirst);
  }

  private static List<Tensor> leaves(Device device, DType dtype, boolean outputFirst) {
    var random = new Philox(3);
    var leaves = new ArrayList<Tensor>();
    int[][] shapes = {
      {2, ROWS / 2, IN},
      outputFirst ? new int[] {INNER, IN} : new int[] {IN, INNER},
      {INNER},
      outputFirst ? new int[] {OUT, INNER} : new int[] {INNER, OUT},
      {OUT}
    };
    for (int[] shape : shapes) {
      double spread = shape.length == 2 ? Math.sqrt(3.0 / shape[outputFirst ? 1 : 0]) : 1;
      leaves.add(
          Tensors.uniform(Device.REFERENCE, DType.F32, Shape.of(shape), -spread, spread, random)
              .to(dtype)
              .to(device)
              .requireGrad());
    }
    return leaves;
  }

  /** The output, and after two passes that add up, the gradients of all leaves. */
  private static List<double[]> run(Graph graph, List<Tensor> leaves, DType low) {
    var results = new ArrayList<double[]>();
    for (int pass = 0; pass < 2; pass++) {
      try (var step = MemoryScope.open("pass")) {
        Tensor y;
        try (var cast = low == null ? Autocast.off() : Autocast.to(low)) {
          y = graph.of(leaves);
        }
        results.add(y.toDoubles());
        Tensor weights =
            Tensors.uniform(Device.REFERENCE, DType.F32, y.shape(), -1, 1, new Philox(pass))
                .to(y.dtype());
        Autograd.backward(y, Tensors.upload(y.backend(), y.dtype(), bytes(weights), dims(y)));
      }
    }
    for (Tensor leaf : leaves) {
      results.add(leaf == null || leaf.grad() == null ? null : leaf.grad().toDoubles());
    }
    return results;
  }

  private static MemorySegment bytes(Tensor x) {
    var bytes = new byte[(int) x.span().byteSize()];
    var segment = MemorySegment.ofArray(bytes);
    x.backend().download(x.span(), segment);
    return segment;
  }

  private static int[] dims(Tensor x) {
    return x.shape().toArray();
  }

  private static void assertSame(List<double[]> expected, List<double[]> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i), "result " + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void hasTheBitsOfThreeOperations(Unary f) {
    for (boolean outputFirst : new boolean[] {false, true}) {
      List<double[]> three =
          run(three(f, outputFirst), leaves(Device.CPU, DType.F32, outputFirst), null);
      assertSame(three, run(one(f, outputFirst), leaves(Device.CPU, DType.F32, outputFirst), null));
    }
  }

  /** Each bit of {@code which} is a leaf that is frozen, or a bias that is not there. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void frozenParametersAndAbsentBiases(boolean outputFirst) {
    for (int which = 0; which < 31; which++) {
      for (boolean absent : new boolean[] {false, true}) {
        var results = new ArrayList<List<double[]>>();
        for (Graph graph :
            List.of(three(Unary.GELU_TANH, outputFirst), one(Unary.GELU_TANH, outputFirst))) {
          List<Tensor> leaves = leaves(Device.CPU, DType.F32, outputFirst);
          for (int i = 0; i < 5; i++) {
            if ((which >> i & 1) != 0) {
              leaves.get(i).freeze();
              if (absent && (i == 2 || i == 4)) {
                leaves.set(i, null);
              }
            }
          }
          results.add(run(graph, leaves, null));
          for (int i = 0; i < 5; i++) {
            if ((which >> i & 1) != 0) {
              assertNull(results.getLast().get(2 + i));
            }
          }
        }
        assertSame(results.get(0), results.get(1));
      }
    }
  }

  /** One matrix as input and as both weights, one bias for both, and what goes in is added. */
  @Test
  void sharedTensors() {
    var results = new ArrayList<List<double[]>>();
    for (Graph graph : List.of(three(Unary.SILU, false), one(Unary.SILU, false))) {
      var random = new Philox(5);
      Tensor square = uniform(Shape.of(6, 6), random);
      Tensor bias = uniform(Shape.of(6), random);
      Graph shared =
          x -> {
            Tensor input = x.get(0).mul(0.5);
            return input.add(graph.of(List.of(input, x.get(0), x.get(1), x.get(0), x.get(1))));
          };
      results.add(run(shared, List.of(square, bias), null));
    }
    assertSame(results.get(0), results.get(1));
  }

  private static Tensor uniform(Shape shape, Philox random) {
    return Tensors.uniform(Device.CPU, DType.F32, shape, -1, 1, random).requireGrad();
  }

  /**
   * Against F64. Seven roundings go into Y: of X, W1, b1, H, W2, b2 and Y. A gradient has these
   * from its factors twice at most, and those of dY, dZ and its own.
   */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void roundsAsTheRulesSay(DType low) {
    List<double[]> exact =
        run(one(Unary.GELU_TANH, false), leaves(Device.REFERENCE, DType.F64, false), null);
    List<Tensor> leaves = leaves(Device.CPU, DType.F32, false);
    List<double[]> rounded = run(one(Unary.GELU_TANH, false), leaves, low);
    leaves.forEach(leaf -> assertEquals(DType.F32, leaf.grad().dtype()));
    for (int i = 0; i < exact.size(); i++) {
      int roundings = i < 2 ? 7 : 2 * 7 + 3;
      double error = relativeError(exact.get(i), rounded.get(i));
      assertTrue(
          error > 0 && error <= Tolerance.relativeNorm(low, roundings),
          "result " + i + ": " + error);
    }
    // The gradients of parameters are sums in F32, which are not rounded to the short type.
    for (int i = 3; i < exact.size(); i++) {
      double[] sums = rounded.get(i);
      double[] again = leaves.get(i - 2).grad().to(low).toDoubles();
      assertTrue(relativeError(sums, again) > 0, "result " + i + " needs no F32");
    }
  }

  private static double relativeError(double[] want, double[] got) {
    double error = 0;
    double norm = 0;
    for (int i = 0; i < want.length; i++) {
      error += (got[i] - want[i]) * (got[i] - want[i]);
      norm += want[i] * want[i];
    }
    return Math.sqrt(error / norm);
  }

  @Test
  void withoutGradientsNothingIsKeptForThem() {
    List<Tensor> leaves = leaves(Device.CPU, DType.F32, false);
    double[] kept = one(Unary.GELU_TANH, false).of(leaves).toDoubles();
    try (var scope = MemoryScope.open("inference");
        var off = Autograd.noGrad()) {
      long before = Device.CPU.backend().memory().live();
      assertArrayEquals(kept, one(Unary.GELU_TANH, false).of(leaves).toDoubles());
      long rows = 4L * ROWS * (INNER + OUT);
      assertTrue(Device.CPU.backend().memory().live() - before < rows + 4L * ROWS * INNER);
    }
  }
}
