package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Capture;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.DropoutOp;
import dev.galen.tensor.ops.SampleOp;
import dev.galen.tensor.random.Philox;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Work that is captured as a CUDA graph and replayed, against the same work called anew. */
@Tag("software-gpu")
class CudaGraphTest {
  private static final int SIZE = 257;

  private Backend gpu;

  @BeforeEach
  void open() {
    gpu = CudaParity.gpu();
  }

  private Tensor counting(int from) {
    var values = new int[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = from + i;
    }
    return Tensors.of(gpu, values, SIZE).to(DType.F32);
  }

  private static void copy(Tensor from, Tensor to) {
    from.backend().copy().copy(from.span(), from.layout(), to.span(), to.layout());
  }

  private Capture capture(UnaryOperator<Tensor> work, Tensor x, Tensor y) {
    return gpu.capture(
        () -> {
          try (var inside = MemoryScope.open("captured")) {
            copy(work.apply(x), y);
          }
        });
  }

  @Test
  void nothingRunsUntilItIsReplayedAndThenOnWhatIsThere() {
    try (var test = MemoryScope.open("test")) {
      Tensor x = counting(1);
      Tensor y = Tensors.full(gpu, DType.F32, Shape.of(SIZE), -1);
      try (Capture captured = capture(a -> a.mul(a).add(3), x, y)) {
        assertEquals(-1, y.toFloats()[5]);
        captured.replay(0);
        assertEquals(6 * 6 + 3, y.toFloats()[5]);
        copy(counting(10), x);
        captured.replay(0);
        captured.replay(0);
        assertEquals(15 * 15 + 3, y.toFloats()[5]);
      }
    }
  }

  /** Products of each library go into the capture, as kernels do. */
  @Test
  void productsAreCaptured() {
    try (var test = MemoryScope.open("test")) {
      Tensor x = counting(1);
      Tensor y = Tensors.empty(gpu, DType.F32, Shape.of(1));
      try (Capture captured =
          capture(a -> a.reshape(1, SIZE).matmul(a.reshape(SIZE, 1)).reshape(1), x, y)) {
        captured.replay(0);
        double wanted = x.reshape(1, SIZE).matmul(x.reshape(SIZE, 1)).item();
        assertEquals(wanted, y.item());
        assertTrue(wanted > 0);
      }
    }
  }

  /** Also over the end of the counter's lower half. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1_000, (1L << 32) - 7, -12})
  void replaysDrawFromWhereTheyAreToldTo(long shift) {
    try (var test = MemoryScope.open("test")) {
      Tensor x = Tensors.full(gpu, DType.F32, Shape.of(SIZE), 1);
      Tensor y = Tensors.emptyLike(x);
      try (Capture captured = capture(a -> DropoutOp.apply(a, 0.4, new Philox(3, 50)), x, y)) {
        captured.replay(shift);
        float[] replayed = y.toFloats();
        assertArrayEquals(DropoutOp.apply(x, 0.4, new Philox(3, 50 + shift)).toFloats(), replayed);
        // What is called behind a replay draws what it says.
        float[] plain = DropoutOp.apply(x, 0.4, new Philox(3, 50)).toFloats();
        captured.replay(0);
        assertArrayEquals(plain, y.toFloats());
      }
    }
  }

  @Test
  void replaysDrawOtherIndices() {
    try (var test = MemoryScope.open("test")) {
      Tensor x = Tensors.full(gpu, DType.F32, Shape.of(3, SIZE), 1);
      Tensor y = Tensors.empty(gpu, DType.I32, Shape.of(3));
      try (Capture captured = capture(a -> draw(a, 50), x, y)) {
        for (long shift : new long[] {0, 1, (1L << 32) - 51}) {
          captured.replay(shift);
          int[] replayed = y.toInts();
          assertArrayEquals(draw(x, 50 + shift).toInts(), replayed);
          assertFalse(shift > 0 && Arrays.equals(draw(x, 50).toInts(), replayed));
        }
      }
    }
  }

  private static Tensor draw(Tensor scores, long counter) {
    return SampleOp.apply(scores, 0.8, 100, 0.9, new Philox(3, counter));
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "BF16"})
  void attentionDropsOtherWeightsInEachReplay(String type) {
    try (var test = MemoryScope.open("test")) {
      var shape = Shape.of(2, 17, 3 * 32);
      Tensor x =
          Tensors.normal(Device.of("cuda:0"), DType.F32, shape, 0, 1, new Philox(1))
              .to(DType.valueOf(type));
      Tensor y = Tensors.empty(gpu, x.dtype(), Shape.of(2, 17, 32));
      try (Capture captured = capture(a -> attention(a, 9), x, y)) {
        captured.replay(0);
        float[] first = y.toFloats();
        captured.replay(123);
        float[] second = y.toFloats();
        assertArrayEquals(attention(x, 9).toFloats(), first);
        assertArrayEquals(attention(x, 9 + 123).toFloats(), second);
        assertFalse(Arrays.equals(first, second));
      }
    }
  }

  private static Tensor attention(Tensor qkv, long counter) {
    return AttentionOp.packed(
        qkv, 2, new AttentionOp.Options(0.25, true, null, 0.3, new Philox(5, counter)));
  }

  /** One capture of a step over a cache serves every length, which lies in memory. */
  @Test
  void aStepOverACacheIsReplayedAtOtherLengths() {
    try (var test = MemoryScope.open("test")) {
      int capacity = 150;
      Device device = Device.of("cuda:0");
      var random = new Philox(1);
      Tensor qkv = Tensors.normal(device, DType.F32, Shape.of(2, 1, 3 * 32), 0, 1, random);
      Tensor keys = Tensors.normal(device, DType.F32, Shape.of(2, capacity, 32), 0, 1, random);
      Tensor values = Tensors.normal(device, DType.F32, keys.shape(), 0, 1, random);
      Tensor lengths = Tensors.of(gpu, new int[] {3, 0}, 2);
      Tensor y = Tensors.empty(gpu, DType.F32, Shape.of(2, 1, 32));
      var options = AttentionOp.Options.causal(16);
      try (Capture captured =
          capture(a -> AttentionOp.cached(a, keys, values, lengths, 2, options), qkv, y)) {
        for (int[] each : new int[][] {{3, 0}, {149, 4}, {64, 128}, {0, 149}}) {
          gpu.upload(MemorySegment.ofArray(each), lengths.span());
          float[] before = keys.toFloats();
          captured.replay(0);
          float[] replayed = y.toFloats();
          for (int b = 0; b < 2; b++) {
            int from = (b * capacity + each[b]) * 32;
            System.arraycopy(qkv.toFloats(), b * 96 + 32, before, from, 32);
          }
          assertArrayEquals(before, keys.toFloats());
          Tensor launched = AttentionOp.cached(qkv, keys, values, lengths, 2, options);
          assertArrayEquals(launched.toFloats(), replayed, Arrays.toString(each));
        }
      }
    }
  }

  @Test
  void whatWaitsOrUploadsCannotBeCaptured() {
    try (var test = MemoryScope.open("test")) {
      Tensor x = counting(1);
      refuses("a download", () -> x.sum().item());
      refuses("an upload", () -> counting(3));
      refuses("waiting for the GPU", gpu::trim);
      refuses("a capture inside of a capture", () -> gpu.capture(() -> {}));
      // The stream is as it was.
      assertEquals(2, x.slice(0, 1, 2).item());
    }
  }

  private void refuses(String what, Runnable work) {
    var error = assertThrows(IllegalStateException.class, () -> gpu.capture(work));
    assertTrue(error.getMessage().startsWith(what), error.getMessage());
  }

  /** Freed or not, no other work gets it, since each replay writes there. */
  @Test
  void memoryOfACaptureIsItsOwnUntilItIsClosed() {
    try (var test = MemoryScope.open("test")) {
      Tensor x = counting(1);
      Tensor y = Tensors.emptyLike(x);
      Capture one = capture(a -> a.mul(2).add(1).mul(3), x, y);
      Capture other = capture(a -> a.mul(5).add(2), x, y);
      one.replay(0);
      float[] wanted = y.toFloats();
      Tensor[] others = new Tensor[8];
      for (int i = 0; i < others.length; i++) {
        others[i] = Tensors.full(gpu, DType.F32, Shape.of(SIZE), i);
      }
      other.replay(0);
      one.replay(0);
      assertArrayEquals(wanted, y.toFloats());
      for (int i = 0; i < others.length; i++) {
        assertEquals(i, others[i].toFloats()[SIZE - 1]);
      }
      long before = gpu.memory().live();
      one.close();
      long between = gpu.memory().live();
      assertTrue(between < before);
      other.close();
      other.close();
      assertTrue(gpu.memory().live() < between);
      assertThrows(IllegalStateException.class, () -> one.replay(0));
    }
  }

  /** A result that lies in a capture's memory waits there for the host, whatever runs meanwhile. */
  @Test
  void whatACaptureLeavesAnotherDoesNotWriteOver() {
    try (var test = MemoryScope.open("test")) {
      Tensor x = counting(1);
      Tensor y = Tensors.emptyLike(x);
      Capture first = capture(a -> a.add(41), x, y);
      var left = new Tensor[1];
      Capture second = gpu.capture(() -> left[0] = MemoryScope.outside(() -> x.add(1)));
      second.replay(0);
      first.replay(0);
      assertArrayEquals(counting(2).toFloats(), left[0].toFloats());
      left[0].free();
      first.close();
      second.close();
    }
  }

  /** What another thread launches meanwhile runs, once, and is no part of the capture. */
  @Test
  void otherThreadsWaitUntilItIsCaptured() throws InterruptedException {
    try (var test = MemoryScope.open("test")) {
      Tensor x = counting(0);
      Tensor sum = Tensors.full(gpu, DType.F32, Shape.of(SIZE), 0);
      var other =
          new Thread(() -> gpu.pointwise().axpy(1, x.contiguousSpan(), sum.contiguousSpan()));
      Capture captured =
          gpu.capture(
              () -> {
                other.start();
                try {
                  other.join(200);
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                assertTrue(other.isAlive(), "it did not wait");
                gpu.pointwise().axpy(10, x.contiguousSpan(), sum.contiguousSpan());
              });
      other.join();
      assertEquals(7, sum.toFloats()[7]);
      captured.replay(0);
      captured.replay(0);
      assertEquals(7 + 2 * 70, sum.toFloats()[7]);
      captured.close();
    }
  }

  @Test
  void anErrorInTheWorkLeavesNothingBehind() {
    try (var test = MemoryScope.open("test")) {
      Tensor x = counting(1);
      long live = gpu.memory().live();
      var thrown = new IllegalArgumentException("planted");
      var error =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  gpu.capture(
                      () -> {
                        try (var inside = MemoryScope.open("captured")) {
                          x.add(1);
                          throw thrown;
                        }
                      }));
      assertEquals(thrown, error);
      assertEquals(live, gpu.memory().live());
      assertNotEquals(0, x.add(1).sum().item());
    }
  }
}
