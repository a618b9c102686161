package dev.galen.model.hf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** A field has its type, or is refused by name with what stands there. */
class JsonFieldsTest {
  private static JsonFields fields(String value) {
    return new JsonFields(LenientJson.parseObject("{\"key\": " + value + "}"));
  }

  @Test
  void whatIsThereIsRead() {
    assertEquals(OptionalInt.of(-3), fields("-3").integer("key"));
    assertEquals(-3, fields("-3").integer("key", 7));
    assertEquals(OptionalDouble.of(0.5), fields("0.5").number("key"));
    assertEquals(2, fields("2").number("key", 7));
    assertTrue(fields("true").flag("key", false));
    assertFalse(fields("false").flag("key", true));
    assertEquals("x", fields("\"x\"").text("key", "y"));
    assertEquals(List.of(3), fields("3").integers("key"));
    assertEquals(List.of(5, 3), fields("[5, 3]").integers("key"));
    assertEquals(List.of(5.0, 0.25), fields("[5, 0.25]").numbers("key"));
    assertEquals(List.of("b", "a"), fields("[\"b\", \"a\"]").texts("key"));
    assertEquals(List.of("b"), fields("\"b\"").texts("key"));
    assertTrue(fields("0").has("key"));
  }

  @Test
  void whatIsAbsentOrNullHasNoValue() {
    for (JsonFields fields :
        List.of(fields("null"), new JsonFields(fields("1").json().objectNode()))) {
      assertFalse(fields.has("key"));
      assertEquals(OptionalInt.empty(), fields.integer("key"));
      assertEquals(7, fields.integer("key", 7));
      assertEquals(OptionalDouble.empty(), fields.number("key"));
      assertEquals(7, fields.number("key", 7));
      assertTrue(fields.flag("key", true));
      assertFalse(fields.flag("key", false));
      assertEquals("y", fields.text("key", "y"));
      assertEquals(List.of(), fields.integers("key"));
      assertEquals(List.of(), fields.numbers("key"));
      assertEquals(List.of(), fields.texts("key"));
    }
  }

  @Test
  void anotherTypeIsRefusedWithWhatStandsThere() {
    refused("1.5", "1.5, expected an integer", JsonFields::integer, JsonFields::integers);
    refused("4294967296", "4294967296, expected an integer", JsonFields::integer);
    refused("[1, true]", "true, expected an integer", JsonFields::integers);
    refused("\"1\"", "\"1\", expected a number", JsonFields::number);
    refused("NaN", "NaN, expected a number", JsonFields::number);
    refused("1", "1, expected true or false", (f, key) -> f.flag(key, true));
    refused("{}", "{}, expected a string", (f, key) -> f.text(key, ""));
    refused("1.5", "1.5, expected a list of numbers", JsonFields::numbers);
    refused("[\"1\"]", "\"1\", expected numbers", JsonFields::numbers);
    refused("[-Infinity]", "-Infinity, expected numbers", JsonFields::numbers);
    refused("[\"a\", 1]", "1, expected a string", JsonFields::texts);
  }

  @SafeVarargs
  private static void refused(
      String value, String reason, BiConsumer<JsonFields, String>... readings) {
    for (BiConsumer<JsonFields, String> reading : readings) {
      JsonFields fields = fields(value);
      var refusal =
          assertThrows(IllegalArgumentException.class, () -> reading.accept(fields, "key"));
      assertEquals("key is " + reason, refusal.getMessage());
    }
  }

  @Test
  void whatIsLongIsCut() {
    String digits = "1".repeat(61);
    refused(digits, "1".repeat(60) + "..., expected an integer", JsonFields::integer);
    refused("1".repeat(60), "1".repeat(60) + ", expected an integer", JsonFields::integer);
  }
}
