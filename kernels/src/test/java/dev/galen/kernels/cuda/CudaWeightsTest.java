package dev.galen.kernels.cuda;

import static dev.galen.kernels.KernelParity.normal;
import static dev.galen.kernels.KernelParity.normalOver;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.kernels.KernelParity;
import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.backend.host.HostBuffer;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Packed weights against the reference: packing to the byte, rows to the bit, products within
 * rounding, each run with its threads in another order.
 */
@Tag("software-gpu")
@Tag("gpu")
class CudaWeightsTest {
  private static final List<WeightFormat> PACKED = List.of(WeightFormat.BF16, WeightFormat.INT8);

  /** Elements around each operand; packed weights start at a multiple of 16 bytes. */
  private static final int MARGIN = 64;

  private static long seed;

  private static void check(
      String what, Tolerance tolerance, KernelParity.Call call, Object... operands) {
    Backend gpu = CudaParity.gpu();
    new KernelParity(DType.F32, MARGIN, gpu, gpu)
        .check(
            what,
            tolerance,
            (backend, s) -> {
              SoftwareGpu.seedUnlessGpu(++seed);
              call.on(backend, s);
            },
            operands);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1", "13, 13", "5, 207", "207, 64", "4, 768", "768, 33", "4098, 1", "3, 4098", "7, 0", "0, 7"
  })
  void packsTheReferencesBytes(int out, int in) {
    for (WeightFormat format : PACKED) {
      for (boolean outputFirst : new boolean[] {false, true}) {
        for (float[] weights : new float[][] {normal(out * in, 1), onTheEdge(out * in)}) {
          check(
              "%s [%d, %d] outputFirst %s".formatted(format, out, in, outputFirst),
              Tolerance.EXACT,
              (backend, s) -> backend.weights().pack(format, s[0], outputFirst, s[1], out, in),
              weights,
              new byte[(int) format.byteSize(out, in)]);
        }
      }
    }
  }

  /**
   * Numbers of every size, in runs of one that are about halves of a scale: there the last bit of a
   * quotient says which way it is rounded.
   */
  private static float[] onTheEdge(int length) {
    var random = new Random(length);
    var values = new float[length];
    float largest = 0;
    for (int i = 0; i < length; i++) {
      if (i % 64 == 0) {
        largest = (float) Math.scalb(1 + random.nextDouble(), random.nextInt(-150, 120));
        values[i] = largest;
      } else {
        values[i] = (float) ((random.nextInt(-127, 127) + 0.5) * (largest / 127));
      }
    }
    return values;
  }

  @Test
  void bf16KeepsWhatIsNotFinite() {
    float[] weights = normal(50, 1);
    weights[3] = Float.POSITIVE_INFINITY;
    weights[4] = Float.NEGATIVE_INFINITY;
    weights[5] = Float.NaN;
    weights[6] = Float.intBitsToFloat(0xffd12345);
    weights[7] = Float.MAX_VALUE;
    check(
        "not finite",
        Tolerance.EXACT,
        (backend, s) -> backend.weights().pack(WeightFormat.BF16, s[0], true, s[1], 5, 10),
        weights,
        new byte[(int) WeightFormat.BF16.byteSize(5, 10)]);
  }

  /**
   * Rows, outputs, inputs: one step and many, with 1, 2, 4 and 8 warps to a group of outputs; from
   * 9 rows on in one piece, and in two.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 13, 207",
    "1, 768, 768",
    "1, 13, 4098",
    "1, 4098, 768",
    "1, 8200, 300",
    "1, 16400, 130",
    "2, 207, 13",
    "2, 768, 207",
    "2, 1, 4098",
    "3, 768, 64",
    "4, 13, 768",
    "5, 1, 768",
    "5, 207, 207",
    "5, 13, 4098",
    "8, 13, 1",
    "8, 207, 768",
    "8, 4098, 13",
    "9, 207, 768",
    "9, 1, 13",
    "64, 13, 4098",
    "64, 207, 207",
    "64, 768, 1",
    "12, 2100, 2049",
    "2, 7, 0",
    "12, 7, 0",
    "2, 0, 7",
    "0, 7, 7"
  })
  void productsAgree(int rows, int out, int in) {
    for (WeightFormat format : PACKED) {
      byte[] packed = packed(format, normal(out * in, 2), out, in);
      for (int shift : new int[] {0, 1}) {
        product(format, rows, out, in, shift, packed, shift == 0 ? normal(out, 4) : null);
        product(format, rows, out, in, shift, packed, shift == 1 ? normal(out + 1, 4) : null);
      }
    }
  }

  /**
   * Operands begin {@code shift} elements behind a multiple of 16 bytes. Behind x lies what no
   * weight may meet, not even the zeros that fill a line.
   */
  private static void product(
      WeightFormat format, int rows, int out, int in, int shift, byte[] packed, float[] bias) {
    int end = shift + rows * in;
    float[] x = normalOver(in, end + MARGIN, 3);
    Arrays.fill(x, end, x.length, Float.NaN);
    check(
        "%s of %d rows by [%d, %d] at %d".formatted(format, rows, out, in, shift),
        Tolerance.of(DType.F32, in),
        (backend, s) ->
            backend
                .weights()
                .linear(
                    format,
                    s[0].slice(shift, (long) rows * in),
                    s[1],
                    s[2] == null ? null : s[2].slice(shift, out),
                    s[3].slice(shift, (long) rows * out),
                    rows,
                    out,
                    in),
        x,
        packed,
        bias,
        normal(rows * out + shift, 5));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "13, 13, 207", "64, 207, 768", "5, 70, 133", "2, 9, 4098", "3, 5, 0"})
  void rowsAreTheReferences(int rows, int out, int in) {
    var ids = new int[rows];
    for (int i = 0; i < rows; i++) {
      ids[i] = (out - 1 + 7 * i) % out;
    }
    for (WeightFormat format : PACKED) {
      byte[] packed = packed(format, normal(out * in, 6), out, in);
      for (int shift : new int[] {0, 1}) {
        check(
            "%s rows of [%d, %d]".formatted(format, out, in),
            Tolerance.EXACT,
            (backend, s) ->
                backend
                    .weights()
                    .gather(format, s[0], s[1], s[2].slice(shift, (long) rows * in), rows, out, in),
            packed,
            ids,
            normal(rows * in + shift, 7));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"NaN, 0", "Infinity, 77", "-Infinity, 99"})
  void int8RefusesWhatItCannotHold(float weight, int position) {
    Backend gpu = CudaParity.gpu();
    float[] weights = normal(100, 8);
    weights[position] = weight;
    for (boolean outputFirst : new boolean[] {false, true}) {
      var error =
          assertThrows(
              IllegalArgumentException.class,
              () -> pack(gpu, WeightFormat.INT8, weights, outputFirst, 10, 10));
      assertEquals(
          "a weight is %s, for which INT8 has no number; look for the damage, or load as BF16"
              .formatted(Math.abs(weight)),
          error.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"-1", "70"})
  void idOutsideTheTableIsNamed(int id) {
    Backend gpu = CudaParity.gpu();
    for (WeightFormat format : PACKED) {
      Span packed = pack(gpu, format, normal(70 * 8, 9), true, 70, 8);
      Span ids = new Span(gpu.allocate(8), DType.I32, 0, 2);
      gpu.upload(MemorySegment.ofArray(new int[] {1, id}), ids);
      Span y = new Span(gpu.allocate(4 * 16), DType.F32, 0, 16);
      var result = new float[16];
      Arrays.fill(result, 3);
      gpu.upload(MemorySegment.ofArray(result), y);
      gpu.weights().gather(format, packed, ids, y, 2, 70, 8);
      var error =
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> gpu.download(y, MemorySegment.ofArray(result)));
      assertEquals(
          "id %d at position 1 is outside the table of 70 rows".formatted(id), error.getMessage());
      gpu.download(y, MemorySegment.ofArray(result));
      for (int i = 8; i < 16; i++) {
        assertEquals(3, result[i]);
      }
    }
  }

  @Test
  void wrongOperandsAreNamed() {
    Backend gpu = CudaParity.gpu();
    Span packed = pack(gpu, WeightFormat.BF16, normal(8 * 32, 1), true, 8, 32);
    Span x = new Span(gpu.allocate(4 * 64), DType.F32, 0, 32);
    assertRefused(
        "packed holds 512 elements, but the kernel needs 768",
        () -> gpu.weights().linear(WeightFormat.BF16, x, packed, null, x, 1, 9, 32));
    assertRefused(
        "packed weights start at byte 4 of their buffer, which is no multiple of 16",
        () -> gpu.weights().linear(WeightFormat.BF16, x, packed.slice(4, 256), null, x, 1, 4, 32));
    assertRefused(
        "bias must be F32, not U8",
        () -> gpu.weights().linear(WeightFormat.BF16, x, packed, packed, x, 1, 8, 32));
    assertRefused(
        "F32 weights are not packed",
        () -> gpu.weights().linear(WeightFormat.F32, x, packed, null, x, 1, 4, 32));
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private static byte[] packed(WeightFormat format, float[] weights, int out, int in) {
    return HostBuffer.segment(pack(new ReferenceBackend(), format, weights, true, out, in))
        .toArray(ValueLayout.JAVA_BYTE);
  }

  private static Span pack(
      Backend backend, WeightFormat format, float[] weights, boolean outputFirst, int out, int in) {
    Span source = new Span(backend.allocate(4L * weights.length), DType.F32, 0, weights.length);
    backend.upload(MemorySegment.ofArray(weights), source);
    long bytes = format.byteSize(out, in);
    Span packed = new Span(backend.allocate(bytes), DType.U8, 0, bytes);
    backend.weights().pack(format, source, outputFirst, packed, out, in);
    return packed;
  }
}
