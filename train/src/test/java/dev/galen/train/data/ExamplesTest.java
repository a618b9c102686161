package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.data.EncodedExample.Form;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Examples, held or read each time: what is asked of them comes out the same. */
class ExamplesTest {
  private static final Origin HERE = new Origin("data.jsonl", 7);
  private static final List<Example> WORDS =
      List.of(new TextExample("a"), new TextExample("b"), new TextExample("c"));

  private static Examples examples(boolean held) throws IOException {
    return held ? Examples.of(WORDS) : Examples.of((Examples.Source) WORDS::forEach);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void areThoseThatWereGiven(boolean held) throws IOException {
    Examples all = examples(held);
    assertEquals(3, all.count());
    assertFalse(all.isEmpty());
    assertFalse(all.tokenised());
    assertEquals(WORDS, all.stream().toList());
    var seen = new ArrayList<Example>();
    all.forEach(seen::add);
    assertEquals(WORDS, seen);
    Examples some = all.filter(example -> !example.text().equals("b"));
    assertEquals(List.of(WORDS.get(0), WORDS.get(2)), some.stream().toList());
    assertEquals(2, some.count());
    assertTrue(all.filter(example -> false).isEmpty());
    var parts = Split.byHash(WORDS, 0.3, 0.3, 5);
    assertEquals(parts.train(), all.part(Split.Part.TRAIN, 0.3, 0.3, 5).stream().toList());
    assertEquals(parts.test(), all.part(Split.Part.TEST, 0.3, 0.3, 5).stream().toList());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void areChangedAndChosen(boolean held) throws IOException {
    Examples all = examples(held);
    assertEquals(
        List.of("a!", "b!", "c!"),
        all.map(example -> new TextExample(example.text() + "!")).stream()
            .map(Example::text)
            .toList());
    assertEquals(List.of(WORDS.get(0), WORDS.get(2)), all.select(0, 2).stream().toList());
    assertEquals(0, all.select().count());
    assertThrows(IndexOutOfBoundsException.class, () -> all.select(3));
    if (held) {
      assertEquals(List.of(WORDS.get(2), WORDS.get(2)), all.select(2, 2).stream().toList());
      int[] order = Permutation.of(3, 8);
      assertEquals(all.select(order).stream().toList(), all.shuffle(8).stream().toList());
    } else {
      assertThrows(IllegalStateException.class, () -> all.select(2, 0));
    }
  }

  @Test
  void aSourceThatFailsFailsWhereItIsRead() throws IOException {
    var fault = new IOException("gone");
    var whole = new boolean[] {true};
    Examples examples =
        Examples.of(
            sink -> {
              if (!whole[0]) {
                throw fault;
              }
              WORDS.forEach(sink);
            });
    whole[0] = false;
    assertEquals(fault, assertThrows(IOException.class, () -> examples.forEach(e -> {})));
    assertEquals(
        fault,
        assertThrows(UncheckedIOException.class, () -> examples.stream().toList()).getCause());
  }

  /** By which a record stays in its part, whatever else is written beside it. */
  @Test
  void keysAreWhatMakesARecordTheSame() {
    assertEquals("4", new QuestionExample("4", "q", "c", "a", "no").key());
    assertEquals("q", new QuestionExample("", "q", "c", "a", null).key());
    assertEquals("p", new PromptExample("p", "c").key());
    assertEquals("pc", new PromptExample("p", "c").text());
    assertEquals("t", new TextExample("t").key());
    assertEquals("t", new ClassifiedExample("t", "ill").key());
    assertEquals(
        "Question: q\nContext: c\nAnswer: a\nDecision: no",
        new QuestionExample("4", "q", "c", "a", "no").text());
    for (Example tokens :
        List.of(
            new TokenExample(new int[] {3, 4}, null, HERE),
            new ClassifiedTokens(new int[] {3, 4}, "ill", HERE),
            new EncodedExample(
                new int[] {3, 4}, null, null, new double[] {1}, Form.INTEGER, HERE))) {
      assertEquals("[3, 4]", tokens.key());
      assertTrue(tokens.tokenised());
      assertTrue(Examples.of(List.of(WORDS.getFirst(), tokens)).tokenised());
      var refusal = assertThrows(IllegalArgumentException.class, tokens::text).getMessage();
      assertTrue(refusal.startsWith("data.jsonl:7: "), refusal);
      // A tokenizer that is trained tells the place once.
      var training = new TokenizerTraining(300);
      assertEquals(
          refusal,
          assertThrows(IllegalArgumentException.class, () -> training.add(tokens)).getMessage());
    }
  }

  @Test
  void aTokenizerLearnsFromAllOfThem() throws IOException {
    var text = new TextExample("fever ".repeat(20));
    assertTrue(
        TokenizerTraining.of(Examples.of(List.of(text)), 300).encode("fever fever").length < 6);
  }

  @Test
  void originsAreTold() {
    assertEquals("data.jsonl:7: is odd", HERE.error("is odd").getMessage());
    assertEquals("in memory: is odd", Origin.MEMORY.error("is odd").getMessage());
  }

  /** By which memory is planned. */
  @Test
  void samplesAreAsLongAsIsAsked() {
    for (Collator collator : List.of(new CausalCollator(0), new EncodedCollator(0, true))) {
      TokenSequence sample = collator.sample(6);
      assertEquals(6, sample.length());
      assertArrayEquals(new int[6], sample.labels());
    }
    assertEquals(5, new CausalCollator(0).labels(TokenSequence.text(new int[6])));
  }
}
