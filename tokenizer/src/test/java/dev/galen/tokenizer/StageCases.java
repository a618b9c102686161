package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.hf.Json;
import dev.galen.tokenizer.hf.TokenizerDirectory;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.stage.Stages;
import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.text.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What tokenizers 0.23.2 makes of short texts, stage by stage; see {@code stages/make.py}. */
public final class StageCases {

  private static final String TOKENIZER =
      """
      {"version": "1.0", "added_tokens": [], "post_processor": null, "decoder": null,
       "model": {"type": "WordLevel", "vocab": {"[UNK]": 0}, "unk_token": "[UNK]"}}
      """;

  private StageCases() {}

  /** The cases of a file, each with a component and its texts. */
  public static JsonNode of(String file) throws IOException {
    return Json.MAPPER.readTree(Fixture.read("stages/", file));
  }

  /** The stages of a tokenizer with this component, which is written to a folder first. */
  public static Stages stages(Path folder, String stage, JsonNode component) throws IOException {
    var root = (ObjectNode) Json.MAPPER.readTree(TOKENIZER);
    root.set(stage, component);
    Files.writeString(folder.resolve("tokenizer.json"), root.toString());
    return TokenizerDirectory.read(folder).stages();
  }

  /** Compares the text that a normalizer writes, and where each character comes from. */
  public static void assertNormalized(Normalizer normalizer, JsonNode row, String name) {
    var text = row.get(0).textValue();
    var made = row.get(1).textValue();
    var plain = normalizer.normalize(Text.of(text));
    assertEquals(made, new String(plain.utf8(), StandardCharsets.UTF_8), name);
    assertEquals(false, plain.isAligned(), name);
    var aligned = normalizer.normalize(Text.aligned(text));
    assertEquals(made, new String(aligned.utf8(), StandardCharsets.UTF_8), name);
    var places = new ArrayList<Integer>();
    int at = 0;
    for (int i = 0; i < made.length(); i += Character.charCount(made.codePointAt(i))) {
      int bytes = Character.toString(made.codePointAt(i)).getBytes(StandardCharsets.UTF_8).length;
      for (int b = 0; b < bytes; b++) {
        assertEquals(aligned.start(at), aligned.start(at + b), name);
        assertEquals(aligned.end(at), aligned.end(at + b), name);
      }
      places.addAll(List.of(aligned.start(at), aligned.end(at)));
      at += bytes;
    }
    assertEquals(row.get(2).toString(), places.toString().replace(" ", ""), name);
  }

  /**
   * Compares the words that a cut makes of a text, alone or within another one.
   *
   * @param before what stands in front of the stretch that is cut
   * @param behind what stands behind it
   */
  public static void assertCut(
      PreTokenizer cut, JsonNode row, String before, String behind, String name) {
    var text = row.get(0).textValue();
    if (text.isEmpty()) {
      return;
    }
    int shift = before.codePointCount(0, before.length());
    var whole = Text.aligned(before + text + behind);
    int start = before.getBytes(StandardCharsets.UTF_8).length;
    int end = whole.length() - behind.getBytes(StandardCharsets.UTF_8).length;
    var words = new ArrayList<List<Object>>();
    cut.split(
        whole,
        start,
        end,
        (part, from, to) ->
            words.add(
                List.of(
                    new String(part.utf8(), from, to - from, StandardCharsets.UTF_8),
                    part.start(from) - shift,
                    part.end(to - 1) - shift)));
    var expected = new ArrayList<List<Object>>();
    row.get(1)
        .forEach(
            word ->
                expected.add(
                    List.of(
                        word.get(0).textValue(), word.get(1).intValue(), word.get(2).intValue())));
    assertEquals(expected, words, name);
  }

  /** Compares the tokens of a word that stands within a text, twice, and without places. */
  public static void assertTokens(TokenModel model, JsonNode row, String name) {
    byte[] word = row.get(0).textValue().getBytes(StandardCharsets.UTF_8);
    byte[] text = ("ab " + row.get(0).textValue() + "c").getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 2; round++) {
      var tokens = TokenList.withPlaces(2);
      tokens.add(7, 0, 3);
      model.encode(text, 3, 3 + word.length, tokens);
      var found = new ArrayList<List<Integer>>();
      for (int i = 1; i < tokens.ids().size(); i++) {
        found.add(List.of(tokens.ids().get(i), tokens.start(i) - 3, tokens.end(i) - 3));
      }
      assertEquals(row.get(1).toString(), found.toString().replace(" ", ""), name);
      var ids = TokenList.ofIds(2);
      model.encode(word, 0, word.length, ids);
      assertEquals(found.stream().map(List::getFirst).toList(), list(ids.ids().toArray()), name);
    }
  }

  private static List<Integer> list(int[] ids) {
    return Arrays.stream(ids).boxed().toList();
  }
}
