package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies between host and GPU, a full GPU, and what a launch allocates on the heap. */
@Tag("software-gpu")
@Tag("gpu")
class CudaMemoryTest {
  /** No piece, one piece, pieces that take turns more than once, and a last one that is short. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4 << 20, (4 << 20) + 1, (29 << 20) + 12_345})
  void bytesComeBackAsTheyWent(int size) {
    Backend gpu = CudaParity.gpu();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sent = arena.allocate(size);
      for (int i = 0; i < size; i++) {
        sent.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + i / 4099));
      }
      var span = new Span(gpu.allocate(size), DType.U8, 0, size);
      gpu.upload(sent, span);
      var received = new byte[size];
      gpu.download(span, MemorySegment.ofArray(received));
      assertEquals(-1, sent.mismatch(MemorySegment.ofArray(received)));
      span.buffer().free("test");
    }
  }

  /** What is uploaded may change at once, while the GPU has not come to it yet. */
  @Test
  void anUploadHasReadItsSource() {
    Backend gpu = CudaParity.gpu();
    float[] values = {1, 2, 3};
    var spans = new Span[5];
    for (int i = 0; i < spans.length; i++) {
      spans[i] = new Span(gpu.allocate(12), DType.F32, 0, 3);
      values[0] = i;
      gpu.upload(MemorySegment.ofArray(values), spans[i]);
    }
    for (int i = 0; i < spans.length; i++) {
      var back = new float[3];
      gpu.download(spans[i], MemorySegment.ofArray(back));
      assertEquals(i, back[0]);
    }
  }

  @Test
  void aGpuThatIsFullSaysWhatToLower() {
    Backend gpu = CudaParity.gpu();
    SoftwareGpu.start().capacity(gpu.memory().live() + gpu.memory().cached() + (64 << 20));
    try {
      gpu.trim();
      var error = assertThrows(OutOfMemoryError.class, () -> gpu.allocate(1L << 31));
      assertTrue(error.getMessage().startsWith("cuda:0 is full"), error.getMessage());
      gpu.allocate(1 << 20).free("test");
    } finally {
      SoftwareGpu.start().capacity(0);
    }
  }

  @Test
  void aSteadyStepAsksForNoMoreMemory() {
    Backend gpu = CudaParity.gpu();
    Tensor x =
        Tensors.uniform(Device.of("cuda:0"), DType.F32, Shape.of(40, 40), -1, 1, new Philox(1));
    x.requireGrad();
    long held = 0;
    for (int step = 0; step < 4; step++) {
      try (var scope = MemoryScope.open("step")) {
        x.matmul(x).softmax().sum().backward();
        x.grad().toDoubles();
      }
      long now = gpu.memory().live() + gpu.memory().cached();
      assertTrue(step < 2 || now == held, "step %d: %d, then %d".formatted(step, held, now));
      held = now;
    }
  }

  @Test
  void freedMemoryIsNotTouched() {
    Backend gpu = CudaParity.gpu();
    var span = new Span(gpu.allocate(12), DType.F32, 0, 3);
    span.buffer().free("test");
    var error = assertThrows(IllegalStateException.class, () -> gpu.copy().fill(span, 1));
    assertTrue(error.getMessage().contains("freed by test"));
  }

  @Test
  void aLaunchMakesNoGarbage() {
    Backend gpu = CudaParity.gpu();
    var x = new Span(gpu.allocate(4 * 64), DType.F32, 0, 64);
    var bytes = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int launches = 2000;
    long perLaunch = 0;
    for (int round = 0; round < 3; round++) {
      long before = bytes.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < launches; i++) {
        gpu.pointwise().affine(x, 0.5, 1, x);
      }
      perLaunch = (bytes.getCurrentThreadAllocatedBytes() - before) / launches;
    }
    assertTrue(perLaunch < 64, perLaunch + " bytes of heap per launch");
  }
}
