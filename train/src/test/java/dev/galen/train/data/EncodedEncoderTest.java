package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.ClassNames;
import dev.galen.model.ProblemType;
import dev.galen.model.bert.BertConfig;
import dev.galen.model.t5.T5Config;
import dev.galen.model.testing.TinyModels;
import dev.galen.train.data.EncodedExample.Form;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rows of ids and labels must be for a model. */
class EncodedEncoderTest {
  private static final Origin HERE = new Origin("data.jsonl", 7);
  private static final int VOCABULARY = 20;

  private static EncodedEncoder encoder(boolean ofDecoder) {
    return new EncodedEncoder(TinyModels.config(VOCABULARY, 64, 32, 4, 0), 3, 4, ofDecoder);
  }

  private static EncodedExample row(String ids, String labels, Form form) {
    double[] numbers =
        List.of(labels.split(" ")).stream().mapToDouble(Double::parseDouble).toArray();
    return new EncodedExample(ints(ids), null, null, numbers, form, HERE);
  }

  private static int[] ints(String ids) {
    return List.of(ids.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
  }

  private static String refusal(ExampleEncoder encoder, Example example) {
    return assertThrows(
            IllegalArgumentException.class, () -> encoder.encode(List.of(example)).get(0))
        .getMessage();
  }

  @Test
  void whatLiesWithinTheModelIsTaken() {
    TokenSequence made =
        encoder(false).encode(List.of(row("0 19 5 6", "-100 0 2 1", Form.INTEGERS))).get(0);
    assertArrayEquals(new int[] {0, 19, 5, 6}, made.inputIds());
    assertArrayEquals(new int[] {-100, 0, 2, 1}, made.labels());
    assertArrayEquals(
        new int[] {2, 1, -100},
        encoder(true).encode(List.of(row("5", "2 1 -100", Form.INTEGERS))).get(0).labels());
    assertEquals(4, encoder(true).maxLength());
    assertEquals(VOCABULARY, encoder(true).vocabularySize());
    assertEquals(
        99,
        new EncodedEncoder(TinyModels.config(VOCABULARY, 64, 32, 4, 0), 99, 4, true)
            .vocabularySize(),
        "labels may go beyond the ids");
    assertTrue(((EncodedCollator) encoder(true).collator()).ofDecoder());
  }

  @ParameterizedTest
  @CsvSource({
    "1 20, 0 1, INTEGERS, input_ids holds 20; the model has 0 to 19",
    "1 -1, 0 1, INTEGERS, input_ids holds -1; the model has 0 to 19",
    "1 -100, 0 1, INTEGERS, input_ids holds -100; the model has 0 to 19",
    "1 2, 0 3, INTEGERS, labels holds 3; the model has 0 to 2",
    "1 2, -1 0, INTEGERS, labels holds -1; the model has 0 to 2",
    "1 2, 0 0 0, INTEGERS, labels has 3 entries and input_ids has 2; they must be as long",
    "1 2, 0 0.5, NUMBERS, 'expected input_ids and labels, a list of integers'",
    "1, 0, INTEGER, 'expected input_ids and labels, a list of integers'",
    "1 2 3 4 5, 0 0 0 0 0, INTEGERS, 'input_ids has 5 ids, the length is 4; cut the row'",
  })
  void whatDoesNotIsNamed(String ids, String labels, Form form, String reason) {
    String refusal = refusal(encoder(false), row(ids, labels, form));
    assertTrue(refusal.startsWith("data.jsonl:7: " + reason), refusal);
  }

  private static EncodedExample typed(int... types) {
    return new EncodedExample(
        new int[] {1, 2}, null, types, new double[] {0, 1}, Form.INTEGERS, HERE);
  }

  @Test
  void tokenTypesAreHeldToTheModel() {
    var bert = new EncodedEncoder(BertConfig.baseCased(), 3, 4, false);
    int[] both = {0, 1};
    assertArrayEquals(both, bert.encode(List.of(typed(both))).get(0).tokenTypes());
    assertEquals(
        "data.jsonl:7: token_type_ids holds 2; the model has 0 to 1", refusal(bert, typed(0, 2)));
    assertEquals(
        "data.jsonl:7: token_type_ids holds -1; the model has 0 to 1", refusal(bert, typed(-1, 0)));
    int[] any = {7, 1_000_000};
    // A model that does not look at them; GPT-2 does, to which they are ids of its vocabulary.
    var t5 = new EncodedEncoder(T5Config.small(), 9, 4, true);
    assertArrayEquals(any, t5.encode(List.of(typed(any))).get(0).tokenTypes());
    assertEquals(
        "data.jsonl:7: token_type_ids holds -100; expected 0 or more", refusal(t5, typed(0, -100)));
    assertEquals(
        "data.jsonl:7: token_type_ids holds 1000000; the model has 0 to 19",
        refusal(encoder(false), typed(any)));
  }

  @Test
  void aClassifiersTokenTypesAreHeldToTheModel() {
    var problem = ClassNames.of(2).withProblem(ProblemType.SINGLE_LABEL);
    var bert = new ClassEncoder(null, BertConfig.baseCased().withClasses(problem), 8);
    var gpt2 = new ClassEncoder(null, TinyModels.config(20, 64, 32, 4, 0).withClasses(problem), 8);
    var row =
        new EncodedExample(new int[] {1}, null, new int[1], new double[1], Form.INTEGER, HERE);
    assertArrayEquals(new int[1], bert.encode(List.of(row)).get(0).tokenTypes());
    row.tokenTypes()[0] = 70_000;
    assertEquals(
        "data.jsonl:7: token_type_ids holds 70000; the model has 0 to 1", refusal(bert, row));
    assertEquals(
        "data.jsonl:7: token_type_ids holds 70000; the model has 0 to 19", refusal(gpt2, row));
    row.tokenTypes()[0] = 19;
    assertArrayEquals(new int[] {19}, gpt2.encode(List.of(row)).get(0).tokenTypes());
    row.tokenTypes()[0] = -1;
    assertEquals(
        "data.jsonl:7: token_type_ids holds -1; the model has 0 to 19", refusal(gpt2, row));
  }

  /** The context is where texts are cut; a length that is asked for binds all. */
  @Test
  void withoutAbsolutePositionsAnyLengthIsTaken() {
    T5Config t5 = T5Config.small();
    var ids = new int[t5.contextLength() + 1];
    var row = new EncodedExample(ids, null, null, new double[] {1, 2}, Form.INTEGERS, HERE);
    var whole = new EncodedEncoder(t5, 9, t5.contextLength(), true);
    assertEquals(ids.length, whole.encode(List.of(row)).get(0).length());
    assertEquals(t5.contextLength(), whole.maxLength());
    assertTrue(
        refusal(new EncodedEncoder(t5, 9, 511, true), row)
            .startsWith("data.jsonl:7: input_ids has 513 ids, the length is 511"));
    var bert = new EncodedEncoder(BertConfig.baseCased(), 9, 512, true);
    assertTrue(refusal(bert, row).contains("input_ids has 513 ids, the length is 512"));
  }

  @Test
  void textIsNoRow() {
    assertTrue(
        refusal(encoder(false), new TextExample("a b", HERE))
            .startsWith("data.jsonl:7: expected input_ids and labels"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 20, 1, INTEGER, input_ids holds 20; the model has 0 to 19",
    "'', 1, 3, INTEGER, labels holds 3; the model has 0 to 2",
    "SINGLE_LABEL, 1, 0 1 1, INTEGERS, labels is no single integer; the model gives a text one",
    "SINGLE_LABEL, 1, 0.5, NUMBER, labels is no single integer; the model gives a text one",
    "REGRESSION, 1, 0 1, NUMBERS, 'labels has 2 numbers, the model has 3 classes'",
    "'', 1, 0 1, INTEGERS, 'labels has 2 numbers, the model has 3 classes'",
  })
  void aClassifiersRowsAreHeldToItsClasses(
      String problem, String ids, String labels, Form form, String reason) {
    ProblemType type = problem.isEmpty() ? null : ProblemType.valueOf(problem);
    var encoder = new ClassEncoder(null, ClassNames.of(3).withProblem(type), VOCABULARY, 4, 0);
    String refusal = refusal(encoder, row(ids, labels, form));
    assertTrue(refusal.startsWith("data.jsonl:7: " + reason), refusal);
  }

  @Test
  void aClassIsOneOfThoseOrIgnored() {
    var encoder = new ClassEncoder(null, ClassNames.of(3), VOCABULARY, 4, 0);
    for (String label : List.of("0", "2", "-100")) {
      TokenSequence made = encoder.encode(List.of(row("1 2 3 4", label, Form.INTEGER))).get(0);
      assertArrayEquals(ints(label), made.labels());
    }
  }
}
