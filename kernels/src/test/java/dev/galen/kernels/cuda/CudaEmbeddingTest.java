package dev.galen.kernels.cuda;

import static dev.galen.kernels.KernelParity.normal;
import static dev.galen.kernels.KernelParity.normalOver;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows by index against the reference, and the sums of their gradients in any order of threads. */
@Tag("software-gpu")
@Tag("gpu")
class CudaEmbeddingTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "13, 13, 5",
    "207, 207, 20",
    "50, 768, 7",
    "4098, 1, 300",
    "3, 4098, 2",
    "1024, 8, 50257"
  })
  void gatherAndItsGradient(int rows, int cols, int tableRows) {
    for (int[] ids : new int[][] {spread(rows, tableRows), likeText(rows, tableRows)}) {
      RowsParity.check(
          "gather",
          1,
          (backend, s) -> backend.embedding().gather(s[0], s[1], s[2], rows, cols, tableRows),
          normal(tableRows * cols, 1),
          ids,
          new float[rows * cols]);
      gradient(ids, cols, tableRows);
    }
  }

  /** Passes of the sort; runs of one id that begin, end and lie anywhere in the pieces. */
  @ParameterizedTest
  @CsvSource({"50257, 2, 300", "4098, 5, 70000", "1024, 24, 1", "207, 13, 2", "31, 8, 3"})
  void gradientOfManyEqualIds(int rows, int cols, int tableRows) {
    var same = new int[rows];
    Arrays.fill(same, tableRows - 1);
    var runs = new int[rows];
    for (int i = 0; i < rows; i++) {
      runs[i] = Math.min(tableRows - 1, i / 40);
    }
    for (int[] ids : new int[][] {same, runs, likeText(rows, tableRows)}) {
      gradient(ids, cols, tableRows);
    }
  }

  private static void gradient(int[] ids, int cols, int tableRows) {
    int rows = ids.length;
    RowsParity.check(
        "gatherBackward",
        rows,
        (backend, s) -> backend.embedding().gatherBackward(s[0], s[1], s[2], rows, cols, tableRows),
        normalOver(rows, rows * cols, 1),
        ids,
        normal(tableRows * cols, 2));
  }

  private static int[] spread(int rows, int tableRows) {
    var ids = new int[rows];
    for (int i = 0; i < rows; i++) {
      ids[i] = (int) (i * 7919L % tableRows);
    }
    return ids;
  }

  /** Few ids often, many seldom. */
  private static int[] likeText(int rows, int tableRows) {
    var random = new Random(rows);
    var ids = new int[rows];
    for (int i = 0; i < rows; i++) {
      ids[i] = (int) (tableRows * Math.pow(random.nextDouble(), 4));
    }
    return ids;
  }

  @ParameterizedTest
  @CsvSource({"7, 1", "-1, 2", "2, 0"})
  void anIdOutsideTheTableIsNamedOnce(int id, int position) {
    Backend gpu = CudaParity.gpu();
    var values = new int[] {1, 0, 1, 9};
    values[position] = id;
    Span ids = new Span(gpu.allocate(16), DType.I32, 0, 4);
    gpu.upload(MemorySegment.ofArray(values), ids);
    Span table = floats(gpu, 1, 2, 3, 4);
    Span y = floats(gpu, 0, 0, 0, 0, 0, 0, 0, 0);
    gpu.embedding().gather(table, ids, y, 4, 2, 2);
    var result = new float[8];
    var thrown =
        assertThrows(
            IndexOutOfBoundsException.class, () -> gpu.download(y, MemorySegment.ofArray(result)));
    assertEquals(
        "id %d at position %d is outside the table of 2 rows".formatted(id, position),
        thrown.getMessage());

    gpu.upload(MemorySegment.ofArray(new int[] {1, 0, 1, 0}), ids);
    gpu.embedding().gather(table, ids, y, 4, 2, 2);
    gpu.download(y, MemorySegment.ofArray(result));
    assertArrayEquals(new float[] {3, 4, 1, 2, 3, 4, 1, 2}, result);
  }

  @Test
  void theGradientOfAnIdOutsideTheTableIsNamed() {
    Backend gpu = CudaParity.gpu();
    Span ids = new Span(gpu.allocate(8), DType.I32, 0, 2);
    gpu.upload(MemorySegment.ofArray(new int[] {-100, 1}), ids);
    Span dY = floats(gpu, 1, 2, 3, 4);
    Span dTable = floats(gpu, 0, 0, 0, 0);
    gpu.embedding().gatherBackward(dY, ids, dTable, 2, 2, 2);
    var thrown =
        assertThrows(IndexOutOfBoundsException.class, () -> gpu.reduce().sumOfSquares(dTable));
    assertEquals("id -100 at position 0 is outside the table of 2 rows", thrown.getMessage());
  }

  private static Span floats(Backend gpu, float... values) {
    var span = new Span(gpu.allocate(4L * values.length), DType.F32, 0, values.length);
    gpu.upload(MemorySegment.ofArray(values), span);
    return span;
  }
}
