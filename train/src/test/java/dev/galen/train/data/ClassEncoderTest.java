package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.ClassNames;
import dev.galen.model.ProblemType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Texts with one class each, and the order in which batches of them come. */
class ClassEncoderTest {
  private static final Origin HERE = new Origin("data.jsonl", 7);

  /** The third name looks like the number of another class. */
  private final ClassNames classes = new ClassNames(List.of("calm", "ill", "0"));

  private final WordTokenizer words = new WordTokenizer();

  private ClassEncoder encoder(int length) {
    return new ClassEncoder(words, classes, 20, length, -1);
  }

  private static TokenSequence only(ClassEncoder encoder, Example example) {
    return encoder.encode(List.of(example)).get(0);
  }

  private static String refusal(ClassEncoder encoder, Example example) {
    return assertThrows(IllegalArgumentException.class, () -> only(encoder, example)).getMessage();
  }

  private static ClassifiedExample text(String text, String label) {
    return new ClassifiedExample(text, label, HERE);
  }

  @Test
  void labelsAreNamesOrNumbersAndNamesComeFirst() {
    assertArrayEquals(new int[] {1}, only(encoder(9), text("a b", "ill")).labels());
    assertArrayEquals(new int[] {1}, only(encoder(9), text("a b", "1")).labels());
    assertArrayEquals(new int[] {2}, only(encoder(9), text("a b", "0")).labels());
    assertEquals(
        "data.jsonl:7: label is \"3\", which is none of the model's classes: calm, ill, 0",
        refusal(encoder(9), text("a b", "3")));
  }

  @Test
  void whatIsTooLongLosesItsEnd() {
    TokenSequence whole = only(encoder(3), text("a b c", "ill"));
    assertEquals(3, whole.length());
    assertFalse(whole.shortened());
    TokenSequence cut = only(encoder(2), text("a b c", "ill"));
    assertArrayEquals(new int[] {whole.inputIds()[0], whole.inputIds()[1]}, cut.inputIds());
    assertEquals(1, cut.leftOut());
    assertThrows(IllegalArgumentException.class, () -> encoder(0));
    assertEquals(1, encoder(1).maxLength());
  }

  @Test
  void idsStayAsTheyAre() {
    assertArrayEquals(
        new int[] {0, 19, 5},
        only(encoder(9), new ClassifiedTokens(new int[] {0, 19, 5}, "ill", HERE)).inputIds());
    for (int id : new int[] {-1, 20}) {
      assertEquals(
          "data.jsonl:7: input_ids holds "
              + id
              + "; the vocabulary has 20 tokens, so ids go from 0 to 19",
          refusal(encoder(9), new ClassifiedTokens(new int[] {3, id}, "ill", HERE)));
    }
  }

  @Test
  void whatAClassifierCannotLearnIsNamed() {
    var without = new ClassEncoder(null, classes, 20, 9, -1);
    assertEquals(
        "data.jsonl:7: is text, and the model comes without a tokenizer; name one, or give"
            + " input_ids",
        refusal(without, text("a b", "ill")));
    assertTrue(
        refusal(encoder(9), new TextExample("a b", HERE))
            .startsWith("data.jsonl:7: is a TextExample; a classifier learns from"));
    var several = new ClassEncoder(words, classes.withProblem(ProblemType.MULTI_LABEL), 20, 9, -1);
    assertTrue(
        refusal(several, text("a b", "ill"))
            .startsWith("data.jsonl:7: problem_type is multi_label_classification, which rows"));
    var single = new ClassEncoder(words, classes.withProblem(ProblemType.SINGLE_LABEL), 20, 9, -1);
    assertArrayEquals(new int[] {1}, only(single, text("a b", "ill")).labels());
  }

  @Test
  void saysWhatItIs() {
    assertSame(classes, encoder(9).classes());
    assertEquals(20, encoder(9).vocabularySize());
    assertEquals(9, encoder(9).maxLength());
    assertEquals(WordTokenizer.END, encoder(9).paddingId());
    assertEquals(0, new ClassEncoder(words, classes, 20, 9, 0).paddingId());
    assertEquals(4, new ClassEncoder(words, classes, 20, 9, 4).paddingId());
    assertEquals(0, new ClassEncoder(null, classes, 20, 9, -1).paddingId());
    TokenSequence sample = encoder(9).collator().sample(6);
    assertEquals(6, sample.length());
    assertEquals(1, sample.labels().length);
    var numbers = new ClassCollator(0, classes.withProblem(ProblemType.MULTI_LABEL));
    assertEquals(3, numbers.sample(6).labels().length);
  }

  @Test
  void aCopiedSamplerGoesOnFromTheSamePlace() {
    var sampler = new BatchSampler(5, 2, true, 9);
    sampler.next();
    BatchSampler copy = sampler.copy();
    assertNotSame(sampler, copy);
    assertEquals(sampler.position(), copy.position());
    for (int i = 0; i < 7; i++) {
      assertArrayEquals(sampler.next(), copy.next());
    }
    assertEquals(5, sampler.size());
    assertEquals(2, sampler.batchSize());
    assertEquals(5, new BatchSampler(5, 8, false, 9).batchSize());
    assertTrue(sampler.shuffles());
    assertFalse(new BatchSampler(5, 8, false, 9).shuffles());
    assertEquals(1, new BatchSampler(1, 1, true, 9).next().length);
    assertThrows(IllegalArgumentException.class, () -> new BatchSampler(0, 1, true, 9));
    assertThrows(IllegalArgumentException.class, () -> new BatchSampler(1, 0, true, 9));
  }
}
