package dev.galen.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.Encoding;
import dev.galen.tokenizer.Fixture;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.TokenizerFiles;
import dev.galen.tokenizer.hf.Json;
import dev.galen.tokenizer.hf.TokenizerDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What normalizers write knows where it comes from, as in HuggingFace's; see rewriting/make.py. */
class RewritingTest {

  private static final String TOKENIZER =
      """
      {"version": "1.0", "added_tokens": [], "post_processor": null, "decoder": null,
       "pre_tokenizer": {"type": "FixedLength", "length": 1},
       "model": {"type": "WordLevel", "vocab": {"[UNK]": 0}, "unk_token": "[UNK]"}}
      """;

  @TempDir Path folder;

  @Test
  void textsAndPlacesAreThoseOfTheLibrary() throws IOException {
    int compared = 0;
    for (var set : Json.MAPPER.readTree(Fixture.read("rewriting/", "cases.json"))) {
      var root = (ObjectNode) Json.MAPPER.readTree(TOKENIZER);
      root.set("normalizer", set.get("normalizer"));
      Files.writeString(folder.resolve("tokenizer.json"), root.toString());
      var normalizer = TokenizerDirectory.read(folder).stages().normalizer();
      var tokenizer = TokenizerFiles.load(folder);
      for (var row : set.get("texts")) {
        var text = row.get(0).textValue();
        var name = set.get("normalizer") + " " + row.get(0);
        assertEquals(row.get(1).textValue(), written(normalizer.normalize(Text.of(text))), name);
        var places = places(tokenizer.encode(text, SpecialTokens.TEXT, false).inCodePoints(text));
        assertEquals(row.get(2).toString(), places.toString().replace(" ", ""), name);
        compared += places.size() / 2;
      }
    }
    assertTrue(compared > 1900, compared + " characters");
  }

  private static String written(Text text) {
    return new String(text.utf8(), StandardCharsets.UTF_8);
  }

  private static List<Integer> places(Encoding encoding) {
    var places = new ArrayList<Integer>();
    for (int i = 0; i < encoding.size(); i++) {
      places.add(encoding.starts()[i]);
      places.add(encoding.ends()[i]);
    }
    return places;
  }
}
