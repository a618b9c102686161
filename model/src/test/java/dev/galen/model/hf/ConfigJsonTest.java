package dev.galen.model.hf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.ProblemType;
import dev.galen.model.gpt2.Gpt2Architecture;
import dev.galen.tensor.backend.Unary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a config says, and what is assumed where it says nothing. */
class ConfigJsonTest {
  private static JsonFields fields(String config) {
    return new JsonFields(LenientJson.parseObject(config));
  }

  private static ConfigJson json(String config, boolean classifies) {
    return new ConfigJson(fields(config), Map.of("hidden_size", "n_embd"), classifies);
  }

  @Test
  void aSizeMayHaveAnotherNameWhichCountsBeforeItsOwn() {
    assertEquals(8, json("{\"n_embd\": 8}", false).size("n_embd", 3));
    assertEquals(9, json("{\"n_embd\": 8, \"hidden_size\": 9}", false).size("n_embd", 3));
    ConfigJson none = json("{\"hidden_size\": 9}", false);
    assertEquals("", none.assumed());
    assertEquals(3, none.size("n_layer", 3));
    assertEquals(4, none.size("n_head", 4));
    assertEquals(
        "n_layer is not given, so 3 was assumed; n_head is not given, so 4 was assumed",
        none.assumed());
  }

  @Test
  void aNewModelsConfigGivesAllSizesOrNone() {
    var architecture = new Gpt2Architecture();
    assertEquals(768, ConfigJson.readNew(architecture, fields("{}")).channels());
    String all =
        "{\"vocab_size\": 5, \"n_positions\": 6, \"n_layer\": 1, \"n_head\": 2, \"n_embd\": %d}";
    assertEquals(8, ConfigJson.readNew(architecture, fields(all.formatted(8))).channels());
    for (String some : List.of("{\"n_layer\": 1}", "{\"n_layer\": -1}", "{\"hidden_size\": 7}")) {
      var refusal =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> ConfigJson.readNew(architecture, fields(some)))
              .getMessage();
      assertTrue(refusal.contains("no vocab_size"), refusal);
      assertTrue(refusal.contains(", though other sizes are given;"), refusal);
    }
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> ConfigJson.readNew(architecture, fields(all.formatted(7))));
    assertTrue(refusal.getMessage().contains("7"), refusal.getMessage());
  }

  @ParameterizedTest
  @EnumSource(
      value = Unary.class,
      names = {"GELU_TANH", "GELU_ERF", "RELU", "SILU", "TANH"})
  void anActivationIsReadByTheNameItIsWrittenWith(Unary activation) {
    assertSame(activation, ConfigJson.activationOf("act", ConfigJson.nameOf(activation)));
  }

  @Test
  void activationsHaveNamesOfTransformers() {
    assertSame(Unary.GELU_TANH, ConfigJson.activationOf("act", "gelu_pytorch_tanh"));
    assertSame(Unary.SILU, ConfigJson.activationOf("act", "swish"));
    assertSame(Unary.RELU, json("{\"act\": \"relu\"}", false).activation("act", "tanh"));
    assertSame(Unary.TANH, json("{}", false).activation("act", "tanh"));
    assertThrows(IllegalArgumentException.class, () -> ConfigJson.nameOf(Unary.EXP));
  }

  @Test
  void classesHaveTheirNamesInOrder() {
    var classes =
        json(
                "{\"id2label\": {\"1\": \"b\", \"0\": \"a\"}, \"num_labels\": 7,"
                    + " \"problem_type\": \"regression\"}",
                true)
            .classes();
    assertEquals(List.of("a", "b"), classes.names());
    assertEquals(ProblemType.REGRESSION, classes.problem());
    assertEquals(3, json("{\"num_labels\": 3}", true).classes().count());
    assertEquals(List.of("LABEL_0", "LABEL_1"), List.copyOf(json("{}", true).classes().names()));
    assertNull(json("{}", true).classes().problem());
    assertEquals(1, json("{\"num_labels\": 1}", true).classes().count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"num_labels\": 0} | num_labels is 0, must be positive",
        "{\"id2label\": [\"a\"]} | id2label is [\"a\"], expected an object of names by number",
        "{\"id2label\": {\"0\": \"a\", \"2\": \"c\"}} | id2label has 2 entries but none for 1",
        "{\"problem_type\": \"guess\"} | problem_type is guess, must be single_label_classification",
      })
  void classesThatCannotBeAreRefusedOnlyWhereTheyAreUsed(String config, String reason) {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> json(config, true).classes())
            .getMessage();
    assertTrue(refusal.startsWith(reason), refusal);
    assertEquals(2, json(config, false).classes().count());
  }

  @Test
  void whatNoModelObeysIsRefusedWhereItIsGiven() {
    json("{\"moe\": null}", false).refuse("moe", "other");
    assertEquals(
        "other is not supported",
        assertThrows(
                IllegalArgumentException.class,
                () -> json("{\"other\": false}", false).refuse("moe", "other"))
            .getMessage());
  }

  @Test
  void idsThatHaveAMeaningAreReadInEverySpelling() {
    var special =
        json("{\"bos_token_id\": 1, \"eos_token_id\": [2, 3], \"pad_token_id\": 4}", false)
            .special();
    assertEquals(1, special.beginning());
    assertEquals(List.of(2, 3), special.ends());
    assertEquals(4, special.padding());
    var none = json("{\"eos_token_id\": null}", false).special();
    assertEquals(-1, none.beginning());
    assertEquals(List.of(), none.ends());
    assertEquals(-1, none.padding());
  }
}
