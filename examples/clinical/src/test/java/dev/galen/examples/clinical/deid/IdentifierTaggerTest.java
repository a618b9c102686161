package dev.galen.examples.clinical.deid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Document;
import dev.galen.model.TokenClassifier;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.WordPieceTrainer;
import dev.galen.train.data.Origin;
import dev.galen.train.data.TokenSequence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentifierTaggerTest {
  @TempDir Path folder;

  private static Tokenizer tokenizer(List<Document> notes) {
    var corpus = WordPieceTrainer.builder().vocabularySize(600).lowersCase(false).build().corpus();
    notes.forEach(note -> corpus.add(note.text()));
    return corpus.train();
  }

  @Test
  void everyCharacterOfALongTextIsInAWindow() {
    List<Document> notes = DeidCorpus.make(false, 20, 3);
    Tokenizer tokenizer = tokenizer(notes);
    var text = new StringBuilder();
    notes.forEach(note -> text.append(note.text()).append('\n'));
    List<TaggerWindows.Window> windows = TaggerWindows.of(text.toString(), tokenizer);
    assertTrue(windows.size() > 10, windows.size() + " windows");
    var seen = new BitSet();
    for (TaggerWindows.Window window : windows) {
      assertTrue(window.size() <= TaggerWindows.LENGTH);
      for (int i = 1; i < window.size() - 1; i++) {
        seen.set(window.starts()[i], window.ends()[i]);
      }
    }
    for (int at = 0; at < text.length(); at++) {
      assertTrue(seen.get(at) || Character.isWhitespace(text.charAt(at)), "at " + at);
    }
  }

  @Test
  void labelsFollowTheAnnotationsAndNotTheTraps() {
    Document note = DeidCorpus.make(false, 1, 5).getFirst();
    Tokenizer tokenizer = tokenizer(List.of(note));
    List<TokenSequence> rows = TaggerWindows.learned(note.text(), note.annotations(), tokenizer);
    List<TaggerWindows.Window> windows = TaggerWindows.of(note.text(), tokenizer);
    assertEquals(windows.size(), rows.size());
    for (int w = 0; w < rows.size(); w++) {
      for (int i = 0; i < windows.get(w).size(); i++) {
        int label = rows.get(w).labels()[i];
        if (windows.get(w).special(i)) {
          assertEquals(TokenSequence.IGNORE_INDEX, label);
          continue;
        }
        int start = windows.get(w).starts()[i];
        String expected =
            note.annotations().stream()
                .filter(one -> one.start() <= start && start < one.end())
                .map(one -> one.category().equals(DeidCorpus.TRAP) ? "O" : one.category())
                .findFirst()
                .orElse("O");
        assertEquals(expected, TaggerWindows.classes().get(label));
      }
    }
  }

  @Test
  void aTrainedOneAddsToTheRulesAndTakesNothingAway() throws IOException {
    List<Document> notes = DeidCorpus.make(false, 60, 1);
    new TaggerTraining(32, 1, 800, 6, 1).run(notes, folder, line -> {});
    IdentifierTagger tagger = IdentifierTagger.load(folder, Device.CPU);
    for (Document note : DeidCorpus.make(true, 5, 2)) {
      List<Identifier> joined = tagger.find(note.text());
      for (Identifier one : IdentifierFinder.find(note.text())) {
        assertTrue(joined.stream().anyMatch(other -> other.overlaps(one)), one.toString());
      }
      for (int i = 1; i < joined.size(); i++) {
        assertTrue(joined.get(i - 1).end() <= joined.get(i).start());
      }
      assertEquals(joined, tagger.find(note.text()), "the same again");
    }
    assertEquals(List.of(), tagger.find(" \n"));
    // Its classes are those of the categories, and no other model's will do.
    var loaded = Pretrained.load(folder, Device.CPU, TokenClassifier.class);
    assertEquals(TaggerWindows.classes(), loaded.model().classes().names());
    assertThrows(
        IOException.class, () -> IdentifierTagger.load(folder.resolve("none"), Device.CPU));
  }

  @Test
  void documentsAreReplacedByWhatTheFinderFinds() {
    Finder word = text -> List.of(new Identifier(0, 4, Category.NAME, "model", 0.5));
    var out = new Document[1];
    new Deidentifier(Replacing.TAGS, new Secret(new byte[32]), word)
        .apply(
            new Document("n", "Zork is well.", Map.of(), new Origin("f", 1)), one -> out[0] = one);
    assertEquals("[NAME] is well.", out[0].text());
    assertEquals(1, Deidentifier.annotations("Zork is well.", word).size());
  }
}
