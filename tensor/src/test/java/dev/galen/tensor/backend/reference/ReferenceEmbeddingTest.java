package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertValues;
import static dev.galen.tensor.backend.reference.Spans.f64;
import static dev.galen.tensor.backend.reference.Spans.i32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceEmbeddingTest {
  private final ReferenceEmbedding embedding = new ReferenceEmbedding();

  @Test
  void gathersRows() {
    Span y = Spans.fresh(6);
    embedding.gather(f64(1, 2, 3, 4, 5, 6), i32(2, 0, 2), y, 3, 2, 3);
    assertValues(y, 5, 6, 1, 2, 5, 6);
  }

  @Test
  void addsGradientsOfRepeatedIds() {
    Span dTable = f64(1, 1, 2, 2, 3, 3);
    embedding.gatherBackward(f64(10, 20, 30, 40, 50, 60), i32(2, 0, 2), dTable, 3, 2, 3);
    assertValues(dTable, 31, 41, 2, 2, 63, 83);
  }

  @Test
  void roundsRepeatedIdsOnce() {
    Span dTable = Spans.of(DType.BF16, 1);
    Span dY = Spans.of(DType.BF16, 0x1p-8, 0x1p-8);
    embedding.gatherBackward(dY, i32(0, 0), dTable, 2, 1, 1);
    assertValues(dTable, 1 + 0x1p-7);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 3, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void namesIdsOutOfRange(int id) {
    Span ids = i32(0, id);
    String expected = "id " + id + " at position 1 is outside the table of 3 rows";
    var forward =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> embedding.gather(Spans.fresh(6), ids, Spans.fresh(4), 2, 2, 3));
    assertEquals(expected, forward.getMessage());
    var backward =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> embedding.gatherBackward(Spans.fresh(4), ids, Spans.fresh(6), 2, 2, 3));
    assertEquals(expected, backward.getMessage());
  }
}
