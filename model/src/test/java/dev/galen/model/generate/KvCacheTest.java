package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.model.CausalLm;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvCacheTest {
  // The longest sum of the fixture, over 4C = 64, once in each of 2 layers and their residuals.
  private static final Tolerance CLOSE = Tolerance.of(DType.F32, 4 * 64);

  private MemoryScope scope;
  private Autograd.Mode off;

  /** Where all of this happens; other classes run it again elsewhere. */
  List<Device> devices() {
    return List.of(Device.CPU, Device.REFERENCE);
  }

  @BeforeEach
  void open() {
    scope = MemoryScope.open("test");
    off = Autograd.noGrad();
  }

  @AfterEach
  void close() {
    off.close();
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 21})
  void piecesOfAPromptGiveTheLogitsOfTheWhole(int piece) throws IOException {
    for (Device device : devices()) {
      CausalLm model = Models.fixture(device);
      int batch = 2;
      int time = 21;
      int[][] rows = {ids(1, time), ids(2, time)};
      double[] whole = logits(model, rows);
      try (KvCache cache = model.newCache(batch, time)) {
        for (int from = 0; from < time; from += piece) {
          int to = Math.min(time, from + piece);
          double[] next = next(model, cache, part(rows, from, to));
          assertEquals(to, cache.length());
          String what = device + " after " + to;
          TensorAssert.assertClose(what, at(whole, rows, to - 1), next, CLOSE);
        }
      }
    }
  }

  /** Rows repeated, dropped and swapped go on as the sequences they were selected from would. */
  @Test
  void selectedRowsContinueTheirSequence() throws IOException {
    CausalLm model = Models.fixture(devices().getFirst());
    int[][] rows = {ids(1, 6), ids(2, 6), ids(3, 6)};
    try (KvCache cache = model.newCache(3, 20)) {
      next(model, cache, rows);
      int[][] selections = {{2, 0, 0, 1}, {3, 1}, {0, 1}, {1, 0}, {1}, {0, 0, 0}};
      for (int[] selection : selections) {
        cache.select(selection);
        assertEquals(selection.length, cache.batch());
        int[] token = ids(cache.length(), selection.length);
        var longer = new int[selection.length][];
        for (int i = 0; i < selection.length; i++) {
          int[] row = rows[selection[i]];
          longer[i] = Arrays.copyOf(row, row.length + 1);
          longer[i][row.length] = token[i];
        }
        rows = longer;
        double[] next = next(model, cache, part(rows, cache.length(), cache.length() + 1));
        double[] whole = at(logits(model, rows), rows, cache.length() - 1);
        TensorAssert.assertClose(Arrays.toString(selection), whole, next, CLOSE);
      }
    }
  }

  @Test
  void memoryIsHeldOutsideOfScopesUntilClosed() throws IOException {
    CausalLm model = Models.fixture(devices().getFirst());
    long before = model.backend().memory().live();
    KvCache cache;
    try (var inner = MemoryScope.open("inner")) {
      cache = model.newCache(1, 30);
      next(model, cache, new int[][] {ids(1, 4)});
    }
    // keys and values, 2 layers, 30 positions, 16 channels, 4 bytes; a GPU's allocator gives whole
    // pieces of 512 bytes, and may take a block that is half as large again
    Models.assertFreed(model, before + 2 * 2 * Math.ceilDiv(30 * 16 * 4, 512) * 512 * 3 / 2);
    next(model, cache, new int[][] {ids(1, 1)});
    cache.close();
    cache.close();
    scope.close();
    Models.assertFreed(model, before);
    scope = MemoryScope.open("test");
  }

  /** Prompts of different lengths side by side, then a step of each and two steps at once. */
  @Test
  void eachSequenceHasItsOwnLength() throws IOException {
    for (Device device : devices()) {
      CausalLm model = Models.fixture(device);
      int[][] rows = {ids(1, 12), ids(2, 12)};
      int[] prompts = {3, 7};
      try (KvCache cache = model.newCache(2, 12)) {
        next(model, cache, part(rows, 0, 7));
        cache.crop(prompts);
        assertFalse(cache.isEven());
        assertEquals(7, cache.length());
        assertEquals(3, cache.length(0));
        for (int added = 0, step = 1; added < 3; added += step, step++) {
          int[][] next = new int[2][];
          for (int row = 0; row < 2; row++) {
            int from = prompts[row] + added;
            next[row] = Arrays.copyOfRange(rows[row], from, from + step);
          }
          double[] got = next(model, cache, next);
          int vocabulary = Models.VOCABULARY;
          for (int row = 0; row < 2; row++) {
            int[][] alone = {Arrays.copyOf(rows[row], prompts[row] + added + step)};
            double[] want = at(logits(model, alone), alone, alone[0].length - 1);
            TensorAssert.assertClose(
                "row " + row + " after " + added,
                want,
                Arrays.copyOfRange(got, row * vocabulary, (row + 1) * vocabulary),
                CLOSE);
          }
        }
        cache.select(new int[] {1, 0, 1});
        assertEquals(10, cache.length(0));
        assertEquals(6, cache.length(1));
        assertMessage(
            IllegalArgumentException.class,
            "cannot crop 6 positions of sequence 1 to 7",
            () -> cache.crop(new int[] {1, 7, 1}));
      }
    }
  }

  @Test
  void misuseIsNamed() throws IOException {
    CausalLm model = Models.fixture(devices().getFirst());
    try (KvCache cache = model.newCache(2, 5)) {
      assertMessage(
          IllegalStateException.class,
          "2 sequences of 6 positions do not fit a cache for 2 of 5",
          () -> next(model, cache, new int[][] {ids(1, 6), ids(2, 6)}));
      assertMessage(
          IllegalStateException.class,
          "1 sequences of 3 positions do not fit a cache for 2 of 5",
          () -> next(model, cache, new int[][] {ids(1, 3)}));
      assertMessage(
          IllegalArgumentException.class,
          "row 2 of a cache for 2 sequences",
          () -> cache.select(new int[] {0, 2}));
      try (var on = Autograd.enableGrad()) {
        assertMessage(
            IllegalStateException.class,
            "a key-value cache passes no gradient on; use it under Autograd.noGrad()",
            () -> next(model, cache, new int[][] {ids(1, 3), ids(2, 3)}));
      }
      assertEquals(0, cache.length());
    }
    try (KvCache cache = model.newCache(1, 1000)) {
      assertEquals(Models.CONTEXT, cache.capacity());
    }
  }

  private static void assertMessage(
      Class<? extends Exception> type, String expected, Runnable body) {
    assertEquals(expected, assertThrows(type, body::run).getMessage());
  }

  private static int[] ids(int seed, int count) {
    var ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = (7 * seed + 13 * i + i * i) % Models.VOCABULARY;
    }
    return ids;
  }

  private static int[][] part(int[][] rows, int from, int to) {
    return Arrays.stream(rows).map(row -> Arrays.copyOfRange(row, from, to)).toArray(int[][]::new);
  }

  private static double[] logits(CausalLm model, int[][] rows) {
    int[] flat = Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray();
    var ids_BT = Tensors.of(model.backend(), flat, rows.length, rows[0].length);
    return model.logits(ids_BT).toDoubles();
  }

  private static double[] next(CausalLm model, KvCache cache, int[][] rows) {
    int[] flat = Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray();
    return model
        .next(Tensors.of(model.backend(), flat, rows.length, rows[0].length), cache)
        .toDoubles();
  }

  /** The logits {@code [B, V]} at one position of {@code [B, T, V]}. */
  private static double[] at(double[] logits, int[][] rows, int position) {
    int vocabulary = Models.VOCABULARY;
    int time = rows[0].length;
    var one = new double[rows.length * vocabulary];
    for (int row = 0; row < rows.length; row++) {
      int from = (row * time + position) * vocabulary;
      System.arraycopy(logits, from, one, row * vocabulary, vocabulary);
    }
    return one;
  }
}
