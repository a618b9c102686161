package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.ClassNames;
import dev.galen.model.Inputs;
import dev.galen.model.ProblemType;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.EncodedExample.Form;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that are encoded already, from what was read to what a model is given. */
class EncodedRowsTest {
  private static final int[] NOTHING = null;

  private static EncodedExample row(int[] ids, int[] mask, int[] types, Form form, double... y) {
    return new EncodedExample(ids, mask, types, y, form, Origin.MEMORY);
  }

  /** Beside sequences with neither, in any order. */
  @Test
  void typesAndMasksAreHeldAsTheyWereGiven() {
    var given =
        List.of(
            new TokenSequence(new int[] {1, 2, 3}, new int[] {-100, 5, 6}, 0, new int[3], NOTHING),
            new TokenSequence(new int[] {1, 2, 3}, new int[] {1, 2, 3}, 4),
            new TokenSequence(new int[] {7, 8}, new int[] {9}, 0, NOTHING, new int[] {0, 1}),
            new TokenSequence(
                new int[] {4, 5}, new int[] {1, 2, 3, 4}, 0, new int[] {0, 1}, new int[] {1, 0}));
    TokenSequences held = TokenSequences.of(given);
    for (int i = 0; i < given.size(); i++) {
      assertArrayEquals(given.get(i).inputIds(), held.get(i).inputIds());
      assertArrayEquals(given.get(i).labels(), held.get(i).labels());
      assertArrayEquals(given.get(i).tokenTypes(), held.get(i).tokenTypes());
      assertArrayEquals(given.get(i).attentionMask(), held.get(i).attentionMask());
      assertEquals(given.get(i).leftOut(), held.get(i).leftOut());
      assertEquals(given.get(i).leftOut(), held.leftOut(i));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new TokenSequence(new int[2], new int[2], 0, new int[3], NOTHING));
  }

  /** More than a chunk of the store holds, so that those behind it are found in the next. */
  @Test
  void manyAreFoundWhereTheyWereAdded() {
    var builder = TokenSequences.builder(10_000);
    var types = new int[30];
    types[29] = 1;
    for (int i = 0; i < 2000; i++) {
      var ids = new int[30];
      java.util.Arrays.fill(ids, i);
      builder.add(new TokenSequence(ids, new int[] {i}, 0, i % 2 == 0 ? types : NOTHING, NOTHING));
    }
    TokenSequences held = builder.build();
    for (int i = 0; i < 2000; i++) {
      assertEquals(i, held.get(i).inputIds()[29]);
      assertArrayEquals(new int[] {i}, held.get(i).labels());
      assertArrayEquals(i % 2 == 0 ? types : NOTHING, held.get(i).tokenTypes());
    }
  }

  @Test
  void rowsOfTokensBecomeInputs() {
    var first =
        new TokenSequence(
            new int[] {1, 2, 3}, new int[] {-100, 5, 6}, 0, new int[] {0, 1, 1}, NOTHING);
    var second = new TokenSequence(new int[] {7, 8}, new int[] {9, -100}, 0, NOTHING, NOTHING);
    Batch batch = new EncodedCollator(4, false).collate(List.of(first, second));
    assertEquals(3, batch.tokens());
    try (var scope = MemoryScope.open("test")) {
      Inputs inputs = batch.inputs(Device.CPU.backend());
      assertArrayEquals(new int[] {1, 2, 3, 7, 8, 4}, inputs.ids().toInts());
      assertArrayEquals(new int[] {-100, 5, 6, 9, -100, -100}, inputs.labels().toInts());
      assertArrayEquals(new int[] {0, 1, 1, 0, 0, 0}, inputs.tokenTypes().toInts());
      assertArrayEquals(new int[] {1, 1, 1, 1, 1, 0}, inputs.attentionMask().toInts());
      assertEquals(Inputs.Padding.RIGHT, inputs.padding());
    }
    var few = new TokenSequence(new int[] {1, 2}, new int[] {1}, 0, NOTHING, NOTHING);
    var collator = new EncodedCollator(0, false);
    assertThrows(IllegalArgumentException.class, () -> collator.collate(List.of(few)));
  }

  @Test
  void whatADecoderIsToWriteHasALengthOfItsOwn() {
    var first =
        new TokenSequence(new int[] {1, 2, 3}, new int[] {5}, 0, NOTHING, new int[] {0, 1, 1});
    var second = new TokenSequence(new int[] {7}, new int[] {9, 8, 1, 1}, 0, NOTHING, NOTHING);
    Batch batch = new EncodedCollator(0, true).collate(List.of(first, second));
    assertEquals(new Batch.Labels(DType.I32, Shape.of(2, 4)), batch.form());
    assertArrayEquals(new int[] {5, -100, -100, -100, 9, 8, 1, 1}, batch.labels());
    assertArrayEquals(new byte[] {0, 1, 1, 1, 0, 0}, batch.attentionMask());
    assertEquals(Inputs.Padding.LEFT, batch.padding());
    assertEquals(5, batch.tokens());
    assertNull(batch.tokenTypes());
  }

  @Test
  void numbersKeepTheirBits() {
    var classes = ClassNames.of(2).withProblem(ProblemType.MULTI_LABEL);
    var encoder = new ClassEncoder(null, classes, 10, 8, 0);
    var rows =
        List.of(
            row(new int[] {1, 2}, NOTHING, NOTHING, Form.NUMBERS, 0.1, -3.5e-8),
            row(new int[] {3}, NOTHING, NOTHING, Form.INTEGERS, 1, 0));
    Batch batch = encoder.collator().collate(encoder.encode(rows));
    assertEquals(2, batch.tokens());
    try (var scope = MemoryScope.open("test")) {
      Inputs inputs = batch.inputs(Device.CPU.backend());
      assertEquals(Shape.of(2, 2), inputs.labels().shape());
      assertArrayEquals(new float[] {0.1f, -3.5e-8f, 1, 0}, inputs.labels().toFloats());
      assertArrayEquals(new int[] {1, 2}, inputs.lastTokens().toInts());
    }
  }

  /** As transformers decides it: a single output is a number, an integer a class. */
  @Test
  void labelsSayWhatIsPredictedWhereTheConfigDoesNot() {
    var one = new ClassEncoder(null, ClassNames.of(1), 10, 8, 0);
    var number = row(new int[] {1}, NOTHING, NOTHING, Form.INTEGER, 3);
    Batch batch = one.collator().collate(one.encode(List.of(number)));
    assertEquals(DType.F32, batch.form().dtype());
    assertEquals(3f, Float.intBitsToFloat(batch.labels()[0]));

    var three = new ClassEncoder(null, ClassNames.of(3), 10, 8, 0);
    var single = row(new int[] {1}, NOTHING, NOTHING, Form.INTEGER, 2);
    batch = three.collator().collate(three.encode(List.of(single)));
    assertEquals(new Batch.Labels(DType.I32, Shape.of(1)), batch.form());

    var several = row(new int[] {1}, NOTHING, NOTHING, Form.INTEGERS, 1, 0, 1);
    var other = new ClassEncoder(null, ClassNames.of(3), 10, 8, 0);
    var mixed =
        List.of(three.encode(List.of(single)).get(0), other.encode(List.of(several)).get(0));
    var e = assertThrows(IllegalArgumentException.class, () -> three.collator().collate(mixed));
    assertTrue(e.getMessage().contains("a classifier needs 1"), e.getMessage());
  }

  @Test
  void rowsOfOneClassAndOfNumbersAreNotMixed() {
    var single =
        new EncodedExample(
            new int[] {1}, NOTHING, NOTHING, new double[] {2}, Form.INTEGER, new Origin("a", 4));
    var several =
        new EncodedExample(
            new int[] {1}, NOTHING, NOTHING, new double[3], Form.NUMBERS, new Origin("b", 5));
    var text = new ClassifiedTokens(new int[] {1}, "0", new Origin("c", 6));
    assertEquals(
        "b:5: labels has 3 numbers, and a:4 has a single class; give every row the same",
        mixed(single, several));
    assertEquals(
        "a:4: labels is 2, a single class, and b:5 has a number for each class; give every row the"
            + " same",
        mixed(several, single));
    assertEquals(
        "c:6: label is a single class, and b:5 has a number for each class; give every row the"
            + " same",
        mixed(several, text));
    var encoder = new ClassEncoder(null, ClassNames.of(3), 10, 8, 0);
    assertEquals(2, encoder.encode(List.of(single, text)).size());
  }

  private static String mixed(Example... rows) {
    var encoder = new ClassEncoder(null, ClassNames.of(3), 10, 8, 0);
    return assertThrows(IllegalArgumentException.class, () -> encoder.encode(List.of(rows)))
        .getMessage();
  }

  @Test
  void aRowThatIsLongerThanTheLengthIsRefused() {
    var encoder = new ClassEncoder(null, ClassNames.of(3), 10, 2, 0);
    var row = row(new int[] {1, 2, 3}, NOTHING, NOTHING, Form.INTEGER, 1);
    var e = assertThrows(IllegalArgumentException.class, () -> encoder.encode(List.of(row)));
    assertTrue(e.getMessage().contains("input_ids has 3 ids, the length is 2"), e.getMessage());
  }
}
