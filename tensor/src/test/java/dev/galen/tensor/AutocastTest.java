package dev.galen.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.backend.host.HostAllocator;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.BinaryOp;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.CrossEntropyOp;
import dev.galen.tensor.ops.DropoutOp;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.ops.FeedForwardOp;
import dev.galen.tensor.ops.LayerNormOp;
import dev.galen.tensor.ops.LinearOp;
import dev.galen.tensor.ops.Recompute;
import dev.galen.tensor.ops.RmsNormOp;
import dev.galen.tensor.random.Philox;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AutocastTest {
  private static Tensor uniform(DType dtype, long seed, int... dims) {
    return Tensors.uniform(Device.REFERENCE, DType.F32, Shape.of(dims), 0.5, 2, new Philox(seed))
        .to(dtype);
  }

  private static Tensor leaf(DType dtype, long seed, int... dims) {
    return uniform(dtype, seed, dims).requireGrad();
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void productsAreLow(DType low) {
    try (var cast = Autocast.to(low)) {
      for (DType given : List.of(DType.F32, DType.F16, DType.BF16)) {
        Tensor x = uniform(given, 1, 2, 3, 4);
        Tensor weight = uniform(DType.F32, 2, 4, 12);
        Tensor y = LinearOp.apply(x, weight, uniform(DType.F32, 3, 12), false);
        assertEquals(low, y.dtype());
        assertEquals(low, x.matmul(weight).dtype());
        Tensor back = uniform(DType.F32, 6, 12, 4);
        Tensor inner = FeedForwardOp.apply(x, weight, null, Unary.SQUARE, back, null, false);
        assertEquals(low, inner.dtype());
        Tensor qkv = uniform(given, 4, 2, 5, 12);
        assertEquals(low, AttentionOp.packed(qkv, 2, AttentionOp.Options.causal(2)).dtype());
        var options = AttentionOp.Options.causal(6);
        Tensor keys = uniform(DType.F32, 5, 2, 5, 12);
        assertEquals(low, AttentionOp.apply(qkv, keys, keys, 2, options).dtype());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void normsSoftmaxLossAndSumsAreF32(DType low) {
    Tensor x = uniform(low, 1, 3, 4);
    Tensor parameter = uniform(DType.F32, 2, 4);
    var labels = Tensors.of(Device.REFERENCE, new int[] {1, 2, 3}, 3);
    try (var cast = Autocast.to(low)) {
      for (Tensor y :
          List.of(
              LayerNormOp.apply(x, parameter, parameter, 1e-5),
              RmsNormOp.apply(x, parameter, 1e-5),
              x.softmax(),
              x.logSoftmax(),
              CrossEntropyOp.apply(x, labels, 3),
              CrossEntropyOp.perRow(x, labels),
              x.sum(),
              x.sum(0),
              x.exp(),
              x.log(),
              x.map(Unary.SQUARE),
              x.map(Unary.RECIPROCAL))) {
        assertEquals(DType.F32, y.dtype());
      }
    }
    assertEquals(low, x.softmax().dtype(), "outside of the scope a type is kept");
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16", "F64"})
  void theRestFollowsItsInput(DType given) {
    Tensor x = uniform(given, 1, 3, 4);
    var ids = Tensors.of(Device.REFERENCE, new int[] {1, 2}, 2);
    try (var cast = Autocast.to(DType.BF16)) {
      for (Tensor y :
          List.of(
              x.map(Unary.GELU_TANH),
              x.relu(),
              x.tanh(),
              x.mean(),
              x.max(0),
              x.mul(3),
              x.add(x),
              x.transpose(0, 1).contiguous(),
              DropoutOp.apply(x, 0.5, new Philox(1)),
              EmbeddingOp.apply(x, ids))) {
        assertEquals(given, y.dtype());
      }
    }
  }

  @Test
  void combinationsTakeTheWidest() {
    var widest =
        List.of(
            List.of(DType.BF16, DType.F32, DType.F32),
            List.of(DType.F16, DType.BF16, DType.F32),
            List.of(DType.F16, DType.F16, DType.F16),
            List.of(DType.BF16, DType.F64, DType.F64));
    for (var types : widest) {
      Tensor a = leaf(types.get(0), 1, 3, 4);
      Tensor b = leaf(types.get(1), 2, 3, 4);
      try (var cast = Autocast.to(DType.F16)) {
        for (Binary f : Binary.values()) {
          assertEquals(types.get(2), BinaryOp.apply(f, a, b).dtype());
        }
        assertEquals(types.get(2), ConcatOp.apply(0, a, b, a).dtype());
        a.mul(b).mean().backward();
      }
      assertEquals(a.dtype(), a.grad().dtype());
      assertEquals(b.dtype(), b.grad().dtype());
    }
    Tensor low = uniform(DType.BF16, 1, 3, 4);
    Tensor high = uniform(DType.F32, 1, 3, 4);
    assertThrows(IllegalArgumentException.class, () -> low.add(high));
  }

  @Test
  void f64IsLeftAlone() {
    Tensor x = uniform(DType.F64, 1, 3, 4);
    try (var cast = Autocast.to(DType.BF16)) {
      assertEquals(DType.F64, x.matmul(x, false, true).dtype());
      assertEquals(DType.F64, x.softmax().dtype());
    }
  }

  /** {@code dW = X^T dY} of the rounded operands, in F32 and in the memory the parameter has. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void gradientsOfWeightsArriveInF32InTheirOwnMemory(DType low) {
    Tensor x = leaf(DType.F32, 1, 5, 3);
    Tensor weight = leaf(DType.F32, 2, 3, 2);
    Tensor bias = leaf(DType.F32, 3, 2);
    Tensor dY = uniform(low, 4, 5, 2);
    Tensor memory = weight.gradStorage();
    for (int pass = 1; pass <= 2; pass++) {
      Tensor y;
      try (var cast = Autocast.to(low)) {
        y = LinearOp.apply(x, weight, bias, false);
      }
      Autograd.backward(y, dY);
      assertSame(memory, weight.grad());
      Tensor exact = x.detach().to(low).to(DType.F64);
      double[] expected =
          exact.matmul(dY.to(DType.F64), true, false).mul(pass).to(DType.F32).toDoubles();
      double[] actual = weight.grad().toDoubles();
      for (int i = 0; i < actual.length; i++) {
        // The second pass adds to what the first one rounded.
        assertEquals(expected[i], actual[i], Math.ulp((float) expected[i]));
      }
      for (Tensor leaf : List.of(x, weight, bias)) {
        assertEquals(DType.F32, leaf.grad().dtype());
      }
    }
    // F32 sums are not rounded to the low type on their way.
    double[] sums = weight.grad().toDoubles();
    double[] rounded = weight.grad().to(low).toDoubles();
    assertFalse(Arrays.equals(sums, rounded), "no gradient needs F32");
  }

  /** As those of weights do: {@code db = sum_rows dY} of the rounded dY. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void gradientsOfBiasesAreNotRounded(DType low) {
    Tensor x = leaf(DType.F32, 1, 50, 3);
    Tensor dY = uniform(low, 4, 50, 2);
    double[] exact = dY.to(DType.F64).sum(0).to(DType.F32).toDoubles();
    for (boolean frozen : new boolean[] {false, true}) {
      Tensor weight = leaf(DType.F32, 2, 3, 2);
      Tensor bias = leaf(DType.F32, 3, 2);
      if (frozen) {
        weight.freeze();
      }
      Tensor y;
      try (var cast = Autocast.to(low)) {
        y = LinearOp.apply(x, weight, bias, false);
      }
      Autograd.backward(y, dY);
      assertArrayEquals(exact, bias.grad().toDoubles());
      assertFalse(Arrays.equals(exact, bias.grad().to(low).toDoubles()), "needs no F32");
    }
  }

  @Test
  void aWeightIsRoundedOnceUntilItChanges() {
    Tensor weight = leaf(DType.F32, 1, 3, 2);
    Tensor input = uniform(DType.F32, 1, 3, 2);
    try (var memory = MemoryScope.open("step")) {
      Tensor first;
      try (var cast = Autocast.to(DType.BF16)) {
        try (var substep = MemoryScope.open("substep")) {
          first = Autocast.operand(weight).value();
          assertSame(first, Autocast.operand(weight).value());
          assertNotSame(Autocast.operand(input).value(), Autocast.operand(input).value());
        }
        assertSame(first, Autocast.operand(weight).value(), "outlives the substep");
        first.span();
        weight.backend().copy().fill(weight.span(), 7);
        try (var off = Autocast.off()) {
          Autocast.weightsChanged();
        }
        assertThrows(IllegalStateException.class, first::span, "was freed");
        assertEquals(7, Autocast.operand(weight).value().toDoubles()[0]);
      }
    }
  }

  @Test
  void theBackwardPassMayComeAfterTheScopeOrInsideIt() {
    var grads = new ArrayList<double[]>();
    for (boolean inside : new boolean[] {true, false}) {
      Tensor weight = leaf(DType.F32, 1, 4, 4);
      Tensor x = leaf(DType.F32, 2, 3, 4);
      try (var memory = MemoryScope.open("step")) {
        Tensor loss;
        try (var cast = Autocast.to(DType.BF16)) {
          // A row whose gradient is a sum, which a scope would widen.
          Tensor row = x.slice(0, 0, 1).to(DType.BF16);
          Tensor y = LinearOp.apply(x, weight, null, false).mul(row);
          loss = x.add(y).mul(y).softmax().exp().sum();
          if (inside) {
            loss.backward();
          }
        }
        if (!inside) {
          loss.backward();
        }
        grads.add(weight.grad().toDoubles());
        grads.add(x.grad().toDoubles());
      }
    }
    assertArrayEquals(grads.get(0), grads.get(2));
    assertArrayEquals(grads.get(1), grads.get(3));
  }

  @Test
  void recomputedBlocksRoundAsTheFirstTime() {
    var grads = new ArrayList<double[]>();
    for (boolean recompute : new boolean[] {true, false}) {
      Tensor weight = leaf(DType.F32, 1, 4, 4);
      Tensor x = leaf(DType.F32, 2, 3, 4);
      try (var memory = MemoryScope.open("step")) {
        Tensor y;
        try (var cast = Autocast.to(DType.BF16)) {
          y =
              recompute
                  ? Recompute.of(t -> block(t, weight), x.mul(1), null)
                  : block(x.mul(1), weight);
        }
        y.sum().backward();
        grads.add(weight.grad().toDoubles());
        grads.add(x.grad().toDoubles());
      }
    }
    assertArrayEquals(grads.get(0), grads.get(2));
    assertArrayEquals(grads.get(1), grads.get(3));
  }

  private static Tensor block(Tensor x, Tensor weight) {
    return x.add(LinearOp.apply(x, weight, null, false).map(Unary.GELU_TANH));
  }

  @Test
  void itBelongsToOneThread() throws InterruptedException {
    Tensor x = uniform(DType.F32, 1, 2, 2);
    var types = new ArrayList<DType>();
    try (var cast = Autocast.to(DType.BF16)) {
      var other = new Thread(() -> types.add(x.matmul(x).dtype()));
      other.start();
      other.join();
      types.add(x.matmul(x).dtype());
      try (var off = Autocast.off()) {
        types.add(x.matmul(x).dtype());
      }
      types.add(x.matmul(x).dtype());
    }
    types.add(x.matmul(x).dtype());
    assertEquals(List.of(DType.F32, DType.BF16, DType.F32, DType.BF16, DType.F32), types);
    assertThrows(IllegalArgumentException.class, () -> Autocast.to(DType.F32));
  }

  /** The backend is told so in every product, the backward pass's too, and in no other. */
  @Test
  void tf32ReachesTheKernels() {
    var seen = new ArrayList<Boolean>();
    Backend spy = spy(seen);
    Tensor x = Tensors.full(spy, DType.F32, Shape.of(2, 3), 1).requireGrad();
    Tensor weight = Tensors.full(spy, DType.F32, Shape.of(3, 3), 1).requireGrad();
    Tensor bias = Tensors.full(spy, DType.F32, Shape.of(3), 1).requireGrad();
    Tensor y;
    try (var cast = Autocast.tf32()) {
      y = products(x, weight, bias);
      assertEquals(DType.F32, y.dtype());
    }
    y.sum().backward();
    assertEquals(12, seen.size());
    assertEquals(Set.of(true), Set.copyOf(seen));
    seen.clear();
    products(x, weight, bias).sum().backward();
    assertEquals(12, seen.size());
    assertEquals(Set.of(false), Set.copyOf(seen));
  }

  @Test
  void whatIsNoNumberToRoundIsCombinedAsItIs() {
    Tensor half = Tensors.of(Device.REFERENCE, new float[] {1}, 1).to(DType.F16);
    Tensor ids = Tensors.of(Device.REFERENCE, new int[] {1}, 1);
    try (var low = Autocast.to(DType.F16)) {
      Tensor[] same = Autocast.promote(half, ids);
      assertSame(half, same[0]);
      assertSame(ids, same[1]);
    }
  }

  private static Tensor products(Tensor x, Tensor weight, Tensor bias) {
    Tensor y = LinearOp.apply(x, weight, bias, false).matmul(weight);
    return FeedForwardOp.apply(y, weight, bias, Unary.GELU_TANH, weight, null, false);
  }

  private static Backend spy(List<Boolean> seen) {
    var reference = new ReferenceBackend();
    var allocator = new HostAllocator();
    var matmul =
        (MatmulKernels)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {MatmulKernels.class},
                (self, method, arguments) -> {
                  seen.add(((MatmulShape) arguments[0]).tf32());
                  return method.invoke(reference.matmul(), arguments);
                });
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "allocate" -> allocator.allocate((Backend) self, (long) arguments[0]);
                  case "matmul" -> matmul;
                  default -> method.invoke(reference, arguments);
                });
  }
}
