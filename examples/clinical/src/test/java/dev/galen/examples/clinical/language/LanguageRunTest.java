package dev.galen.examples.clinical.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.baseline.KneserNey;
import dev.galen.examples.clinical.pubmedqa.UsableRecords;
import dev.galen.examples.clinical.report.ReportWriter;
import dev.galen.tokenizer.BpeTrainer;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageRunTest {
  @TempDir private Path folder;

  private Path data() throws IOException {
    var rows = new ArrayList<String>();
    String[] decisions = {"yes", "no", "maybe"};
    for (int id = 0; id < 60; id++) {
      String decision = decisions[id % 3];
      rows.add(
          """
          "%d": {"QUESTION": "Is tea %d a cure?", "CONTEXTS": ["We gave tea."],
          "final_decision": "%s", "LONG_ANSWER": "It says %s."}"""
              .formatted(id, id % 7, decision, decision));
    }
    Path file = folder.resolve("records.json");
    Files.writeString(file, "{" + String.join(",\n", rows) + "}");
    return file;
  }

  @Test
  void comparesBothByTheLikelihoodOfWholeTexts() throws IOException {
    Tokenizer counted =
        BpeTrainer.builder()
            .vocabularySize(280)
            .specialTokens("<|endoftext|>")
            .build()
            .train(List.of("Is tea 1 a cure? We gave tea. It says yes. It says no."));
    var size = new LanguageRun.Size(300, 64, 16, 1, 2, 0, 8, 1, 4, 2);
    var lines = new ArrayList<String>();
    Path out = folder.resolve("out");
    var run = new LanguageRun(data(), List.of(), counted, size, 1, out, "galen test");
    LanguageRun.Figures figures = run.run(lines::add);
    assertEquals(figures.trigram().counted(), figures.model().counted(), "one measure for both");
    assertTrue(figures.trigram().perplexity() < 10, figures.trigram().words());
    assertTrue(figures.model().perplexity() < 280, "better than chance of the vocabulary");
    assertEquals(30, figures.verbalised().micro().support());
    String report = Files.readString(out.resolve(ReportWriter.JSON));
    assertTrue(report.contains("trigramPerplexity"), report);
    assertNull(figures.trigramOfAll(), "there are no public texts");
    assertTrue(
        figures.mixture().nats() < figures.model().nats(), "a mixture knows more than the model");
    assertEquals(1, figures.weights().stream().mapToDouble(w -> w).sum(), 1e-9);
    // What was learned is there and is not learned again.
    lines.clear();
    assertEquals(figures.model().nats(), run.run(lines::add).model().nats());
    var other = new LanguageRun(data(), List.of(), counted, size, 2, out, "galen test");
    assertTrue(
        assertThrows(IOException.class, () -> other.run(lines::add))
            .getMessage()
            .startsWith(out.resolve("settings.json") + ": the folder has a run with other data"));
  }

  /** Both peers are shown: the records alone, and with what the model read before. */
  @Test
  void readsPublicTextsBefore() throws IOException {
    Path texts = folder.resolve("texts.txt");
    Files.writeString(texts, "We gave milk to adults. It says so.\n\nWe gave honey, too.\n");
    Tokenizer counted =
        BpeTrainer.builder()
            .vocabularySize(257)
            .specialTokens("<|endoftext|>")
            .build()
            .train(List.of("ab"));
    var size = new LanguageRun.Size(280, 64, 16, 1, 2, 0, 8, 1, 1, 1);
    Path out = folder.resolve("read");
    Path data = data();
    String undecided = "{\"u\": {\"QUESTION\": \"Is it?\", \"LONG_ANSWER\": \"It is.\"},\n";
    Files.writeString(data, undecided + Files.readString(data).substring(1));
    var run = new LanguageRun(data, List.of(texts), counted, size, 1, out, "galen test");
    var lines = new ArrayList<String>();
    LanguageRun.Figures figures = run.run(lines::add);
    assertTrue(lines.toString().contains("rejects: 1 of 61 records"), lines.toString());
    assertTrue(Files.readString(out.resolve(UsableRecords.FILE)).contains("no final_decision"));
    assertEquals(4, figures.weights().size(), "the model, n-grams with and without texts, cache");
    String report = Files.readString(out.resolve(ReportWriter.HTML));
    for (String part :
        List.of(
            LanguageReport.TRIGRAM,
            LanguageReport.TRIGRAM_OF_ALL,
            "Curve of the public texts",
            "27 training records")) {
      assertTrue(report.contains(part), part);
    }
  }

  @Test
  void weightsOfAMixtureMaximiseTheLikelihood() {
    double[][] text = {{0.9, 0.1}, {0.9, 0.1}, {0.9, 0.1}, {0.1, 0.9}};
    Mixture mixture = Mixture.fit(List.<double[][]>of(text));
    // d/dw sum ln(0.1 + 0.8 w), three of (0.1 + 0.8 w) and one of (0.9 - 0.8 w): 0.1 + 0.8 w = 3/4.
    assertEquals(0.8125, mixture.weights()[0], 1e-6);
    assertEquals(-3 * Math.log(0.75) - Math.log(0.25), mixture.nats(text), 1e-6);
    assertEquals(-3 * Math.log(0.1) - Math.log(0.9), Mixture.nats(text, 1), 1e-12);
  }

  @Test
  void tellsLikelihoodByTokensAndCharacters() {
    var likelihood = new TextLikelihood(20 * Math.log(8), 20, 30);
    assertEquals(8, likelihood.perplexity(), 1e-12);
    assertEquals(2, likelihood.bitsPerCharacter(), 1e-12);
  }

  /** So that no way to count tokens makes a trigram look better than it is. */
  @Test
  void scoresTheEndOfATextToo() {
    Tokenizer bytes =
        BpeTrainer.builder()
            .vocabularySize(257)
            .specialTokens("<|endoftext|>")
            .build()
            .train(List.of("ab"));
    int end = bytes.endOfTextId().orElseThrow();
    int[] ids = bytes.encode("ab", SpecialTokens.TEXT);
    int[] framed = {end, ids[0], ids[1], end};
    assertEquals(3, KneserNey.of(List.of(framed), 257).score(List.of(framed)).tokens());
  }
}
