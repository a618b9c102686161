package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Parity.normal;
import static dev.galen.kernels.cpu.Parity.normalOver;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.backend.host.HostBuffer;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Packing to the bit and products within rounding, at sizes that fill no line and no group. */
class WeightsTest {
  /** Rows, outputs, inputs. */
  private static final int[][] SIZES = {
    {1, 1, 1},
    {1, 4, 64},
    {1, 5, 63},
    {2, 130, 33},
    {1, 1031, 768},
    {3, 67, 200},
    {8, 9, 129},
    {9, 70, 65}, // from here on unpacked
    {17, 33, 1},
    {12, 2100, 2049}, // in more than one piece
    {2, 7, 0},
    {12, 7, 0},
  };

  @ParameterizedTest
  @EnumSource(names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void packsTheReferencesBits(WeightFormat format) {
    for (int[] size : SIZES) {
      int out = Math.min(size[1], 150);
      int in = size[2];
      for (boolean outputFirst : new boolean[] {false, true}) {
        Parity.check(
            "%s [%d, %d] outputFirst %s".formatted(format, out, in, outputFirst),
            Tolerance.EXACT,
            (backend, x) -> backend.weights().pack(format, x[0], outputFirst, x[1], out, in),
            normal(out * in, 1),
            new byte[(int) format.byteSize(out, in)]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void productsAgree(WeightFormat format) {
    for (int[] size : SIZES) {
      int rows = size[0];
      int out = size[1];
      int in = size[2];
      byte[] packed = packed(format, normal(out * in, 2), out, in);
      for (boolean hasBias : new boolean[] {false, true}) {
        Parity.check(
            "%s of %d rows by [%d, %d]".formatted(format, rows, out, in),
            Tolerance.of(DType.F32, in),
            (backend, x) -> backend.weights().linear(format, x[0], x[1], x[2], x[3], rows, out, in),
            normalOver(in, rows * in, 3),
            packed,
            hasBias ? normal(out, 4) : null,
            normal(rows * out, 5));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void rowsAreTheReferences(WeightFormat format) {
    int out = 70;
    int in = 133;
    Parity.check(
        format + " rows",
        Tolerance.EXACT,
        (backend, x) -> backend.weights().gather(format, x[0], x[1], x[2], 5, out, in),
        packed(format, normal(out * in, 6), out, in),
        new int[] {69, 0, 3, 3, 64},
        normal(5 * in, 7));
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity"})
  void int8RefusesWhatItCannotHold(float weight) {
    float[] weights = normal(100, 8);
    weights[77] = weight;
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> pack(new VectorBackend(2), WeightFormat.INT8, weights, 10, 10));
    assertTrue(error.getMessage().contains("INT8 has no number"), error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"-1", "70"})
  void idOutsideTheTableIsNamed(int id) {
    var backend = new VectorBackend(1);
    Span packed = pack(backend, WeightFormat.BF16, normal(70 * 8, 9), 70, 8);
    Span ids = new Span(backend.allocate(8), DType.I32, 0, 2);
    HostBuffer.segment(ids).setAtIndex(ValueLayout.JAVA_INT, 1, id);
    HostBuffer.segment(ids).setAtIndex(ValueLayout.JAVA_INT, 0, 1);
    Span y = new Span(backend.allocate(4 * 16), DType.F32, 0, 16);
    var error =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> backend.weights().gather(WeightFormat.BF16, packed, ids, y, 2, 70, 8));
    assertEquals(
        "id %d at position 1 is outside the table of 70 rows".formatted(id), error.getMessage());
  }

  private static byte[] packed(WeightFormat format, float[] weights, int out, int in) {
    return HostBuffer.segment(pack(new ReferenceBackend(), format, weights, out, in))
        .toArray(ValueLayout.JAVA_BYTE);
  }

  private static Span pack(Backend backend, WeightFormat format, float[] weights, int out, int in) {
    Span source = new Span(backend.allocate(4L * weights.length), DType.F32, 0, weights.length);
    backend.upload(MemorySegment.ofArray(weights), source);
    long bytes = format.byteSize(out, in);
    Span packed = new Span(backend.allocate(bytes), DType.U8, 0, bytes);
    backend.weights().pack(format, source, true, packed, out, in);
    return packed;
  }
}
