package dev.galen.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.tokenizer.Fixture;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every character is of the kinds that HuggingFace's library says; see characters/make.py. */
class CharactersTest {

  /** First and last character, the step from one to the next, and how far off its letter is. */
  private static final Pattern RANGE = Pattern.compile("(\\w+)-(\\w+)/(\\d):(-?\\d+)");

  private static JsonNode classes;

  @BeforeAll
  static void read() throws IOException {
    classes = Json.MAPPER.readTree(Fixture.read("characters/", "classes.json"));
  }

  /** Compares a kind for all characters, and names those that differ. */
  private static void compare(String kind, IntPredicate ours) {
    var right = Ranges.of(classes.get(kind).textValue());
    var wrong = new ArrayList<String>();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (!isSurrogate(c) && ours.test(c) != right.get(c)) {
        wrong.add(Integer.toHexString(c));
      }
    }
    assertEquals(List.of(), wrong, kind);
  }

  private static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  @Test
  void whitespace() {
    compare("whitespace", Characters::isWhitespace);
  }

  @Test
  void numbers() {
    compare("numeric", Characters::isNumeric);
  }

  @Test
  void punctuation() {
    compare("punctuation", Characters::isPunctuation);
  }

  @Test
  void controlCharacters() {
    compare("control", Characters::isControl);
  }

  @Test
  void chineseCharacters() {
    compare("chinese", Characters::isChinese);
  }

  @Test
  void marks() {
    compare("nonspacing", Characters::isNonspacingMark);
    compare("mark", Characters::isMark);
  }

  @Test
  void words() {
    compare("word", Characters::isWord);
  }

  /** Java takes apart what its newer Unicode says; what the library does not is known as newer. */
  @Test
  void charactersThatAreNewerThanNormalization() {
    compare(
        "decomposed",
        c ->
            !Characters.isNewerThanNormalization(c)
                && !Normalizer.isNormalized(Character.toString(c), Form.NFKD));
  }

  @Test
  void smallLetters() {
    var right = new int[Character.MAX_CODE_POINT + 1];
    for (var range : classes.get("lower").textValue().split(" ")) {
      var parts = RANGE.matcher(range);
      assertTrue(parts.matches(), range);
      int last = Integer.parseInt(parts.group(2), 16);
      for (int c = Integer.parseInt(parts.group(1), 16);
          c <= last;
          c += Integer.parseInt(parts.group(3))) {
        right[c] = Integer.parseInt(parts.group(4));
      }
    }
    var wrong = new ArrayList<String>();
    for (int c = 0; c < right.length; c++) {
      if (!isSurrogate(c) && Characters.toLowerCase(c) != c + right[c]) {
        wrong.add(Integer.toHexString(c));
      }
    }
    assertEquals(List.of(), wrong);
  }
}
