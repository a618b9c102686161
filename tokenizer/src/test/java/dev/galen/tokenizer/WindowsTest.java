package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.tokenizer.Truncation.Strategy;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts and pairs are cut and padded as HuggingFace's tokenizers does; see windows/make.py. */
class WindowsTest {

  @TempDir Path folder;

  @Test
  void windowsAreThoseOfTheLibrary() throws IOException {
    int compared = 0;
    int refused = 0;
    for (var set : Json.MAPPER.readTree(Fixture.read("windows/", "cases.json"))) {
      var processor = set.get("post_processor");
      var tokenizer =
          TokenizerFiles.load(Fixture.write(folder, root -> root.set("post_processor", processor)));
      for (var row : set.get("cases")) {
        var windows = row.get(8);
        if (windows.isNull()) {
          var e =
              assertThrows(
                  IllegalArgumentException.class,
                  () -> encode(tokenizer, row),
                  processor + " " + row);
          assertEquals(1, e.getMessage().lines().count(), e.getMessage());
          refused++;
        } else {
          compare(windows, encode(tokenizer, row), row, processor + " " + row);
          compared += windows.size();
        }
      }
    }
    assertTrue(compared > 350, compared + " windows");
    assertTrue(refused > 25, refused + " refused");
  }

  private static List<Encoding> encode(Tokenizer tokenizer, JsonNode row) {
    var strategy = Strategy.valueOf(row.get(4).textValue().toUpperCase(Locale.ROOT));
    var truncation =
        new Truncation(row.get(3).intValue(), strategy, row.get(5).intValue(), side(row.get(6)));
    var encodings =
        tokenizer.encodeWindows(
            row.get(0).textValue(),
            row.get(1).textValue(),
            SpecialTokens.PARSE,
            row.get(2).booleanValue(),
            truncation);
    var padding = row.get(7);
    return padding.isNull()
        ? encodings
        : new Padding(
                padding.get(0).intValue(),
                padding.get(1).intValue(),
                side(padding.get(2)),
                padding.get(3).intValue(),
                padding.get(4).intValue())
            .pad(encodings);
  }

  private static Side side(JsonNode left) {
    return left.booleanValue() ? Side.LEFT : Side.RIGHT;
  }

  private static void compare(
      JsonNode expected, List<Encoding> windows, JsonNode row, String name) {
    assertEquals(expected.size(), windows.size(), name);
    var texts =
        row.get(1).isNull()
            ? new String[] {row.get(0).textValue()}
            : new String[] {row.get(0).textValue(), row.get(1).textValue()};
    for (int i = 0; i < windows.size(); i++) {
      var right = Fixture.ids(expected.get(i));
      var what = name + " window " + i;
      assertEquals(tokens(right), tokens(windows.get(i).inCodePoints(texts)), what);
      for (int token = 0; token < right.length; token += 6) {
        if (right[token + 4] >= 0) {
          var text = texts[right[token + 4]];
          right[token + 1] = text.offsetByCodePoints(0, right[token + 1]);
          right[token + 2] = text.offsetByCodePoints(0, right[token + 2]);
        }
      }
      assertEquals(tokens(right), tokens(windows.get(i)), what + ", UTF-16");
    }
  }

  /** Id, start, end, type, text, attention, and whether it is put around texts. */
  private static List<String> tokens(int[] numbers) {
    var tokens = new ArrayList<String>();
    for (int i = 0; i < numbers.length; i += 6) {
      tokens.add(
          "%d %d-%d type %d text %d mask %d %s"
              .formatted(
                  numbers[i],
                  numbers[i + 1],
                  numbers[i + 2],
                  numbers[i + 3],
                  numbers[i + 4],
                  numbers[i + 5],
                  numbers[i + 4] < 0));
    }
    return tokens;
  }

  private static List<String> tokens(Encoding e) {
    var tokens = new ArrayList<String>();
    for (int i = 0; i < e.size(); i++) {
      tokens.add(
          "%d %d-%d type %d text %d mask %d %s"
              .formatted(
                  e.ids()[i],
                  e.starts()[i],
                  e.ends()[i],
                  e.typeIds()[i],
                  e.texts()[i],
                  e.attentionMask()[i],
                  e.special()[i]));
    }
    return tokens;
  }
}
