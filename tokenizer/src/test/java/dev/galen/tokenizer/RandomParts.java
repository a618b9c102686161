package dev.galen.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;

/** The texts of {@code random-texts}, the same as those of {@code texts.py}. */
final class RandomParts {

  private static final String[] KINDS = {
    "words",
    "words",
    "words",
    "words",
    "words",
    "words",
    "words",
    "words",
    "foreign",
    "foreign",
    "marks",
    "emoji",
    "odd",
    "spaces",
    "literals"
  };

  private final JsonNode parts;
  private long state;

  RandomParts() throws IOException {
    parts = Json.MAPPER.readTree(Fixture.read("random-texts/", "parts.json"));
  }

  private int below(int n) {
    state = state * 6364136223846793005L + 1442695040888963407L;
    return (int) ((state >>> 33) % n);
  }

  /** The text of a number. */
  String text(int seed) {
    state = seed * 2654435761L + 12345;
    var out = new StringBuilder();
    for (int n = 1 + below(24); n > 0; n--) {
      var part = part();
      if (below(40) == 0) {
        part = part.repeat(2 + below(60));
      }
      out.append(part);
      if (below(3) > 0) {
        out.append(' ');
      }
    }
    return out.toString();
  }

  private String part() {
    int kind = below(KINDS.length + 3);
    if (kind < KINDS.length) {
      var list = parts.get(KINDS[kind]);
      return list.get(below(list.size())).textValue();
    }
    if (kind == KINDS.length) {
      int c = below(0x10000);
      return Character.toString(isSurrogate(c) ? 0xFFFC : c);
    }
    if (kind == KINDS.length + 1) {
      int c = below(0x110000);
      return isSurrogate(c) ? "x" : Character.toString(c);
    }
    return Character.toString(0x20 + below(0x160));
  }

  private static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
