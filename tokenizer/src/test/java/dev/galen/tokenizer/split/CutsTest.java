package dev.galen.tokenizer.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tokenizer.StageCases;
import dev.galen.tokenizer.split.Metaspace.Prepend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every cut makes the words of HuggingFace's, wherever in a text the stretch lies. */
class CutsTest {

  @TempDir Path folder;

  @Test
  void wordsAndPlacesAreThoseOfTheLibrary() throws IOException {
    int rows = 0;
    for (var set : StageCases.of("cuts.json")) {
      var component = set.get("cut");
      var cut = StageCases.stages(folder, "pre_tokenizer", component).preTokenizer();
      for (var row : set.get("texts")) {
        var name = component + " " + row.get(0);
        StageCases.assertCut(cut, row, "", "", name);
        rows++;
        if (!cut.needsPlaces() && !component.toString().contains("Regex")) {
          // What stands around the stretch would go on with the words at its ends.
          StageCases.assertCut(cut, row, "a\u00e9", "a", name);
          StageCases.assertCut(cut, row, "1", "12", name);
          StageCases.assertCut(cut, row, "x ", "\n\n", name);
          StageCases.assertCut(cut, row, "..", "\u00bd..", name);
        }
      }
    }
    assertTrue(rows > 5000, rows + " texts");
  }

  @Test
  void onlyASpaceForTheTextsFirstWordNeedsPlaces() {
    var first = new Metaspace('_', Prepend.FIRST, true);
    var always = new Metaspace('_', Prepend.ALWAYS, true);
    assertTrue(first.needsPlaces());
    assertFalse(always.needsPlaces());
    assertTrue(new PreTokenizerChain(List.of(always, first)).needsPlaces());
    assertFalse(new PreTokenizerChain(List.of(always, new WordSplit())).needsPlaces());
  }

  @Test
  void theExpressionsOfModelsAreKnown() {
    assertEquals(new NumberedWords(1), NumberedWords.ofRegex(NumberedWords.SINGLE_DIGITS));
    assertEquals(
        new NumberedWords(3),
        NumberedWords.ofRegex(NumberedWords.SINGLE_DIGITS.replace("\\p{N}|", "\\p{N}{1,3}|")));
    assertNull(NumberedWords.ofRegex("\\w+"));
  }
}
