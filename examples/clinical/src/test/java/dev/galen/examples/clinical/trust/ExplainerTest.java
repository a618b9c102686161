package dev.galen.examples.clinical.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.report.Figure;
import dev.galen.examples.clinical.report.MarkedText;
import dev.galen.examples.clinical.report.ReportWriter;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.trust.Explainer.Method;
import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.Model;
import dev.galen.model.SequenceClassifier;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ExplainerTest {
  private static final Tokenizer TOKENIZER = TinyExplained.tokenizer();

  private static Map<String, Model> models() {
    var models = new LinkedHashMap<String, Model>();
    models.put("GPT-2 classifier", TinyExplained.gpt2());
    models.put("BERT classifier", TinyExplained.bert());
    models.put("LLaMA classifier", TinyExplained.llama());
    models.put("GPT-2 language model", TinyExplained.languageModel());
    return models;
  }

  private static double[] logits(Model model, String text) {
    int[] ids = TOKENIZER.encode(text);
    try (var off = Autograd.noGrad();
        var scope = MemoryScope.open("logits")) {
      Inputs inputs =
          Inputs.padded(Tensors.of(model.backend(), ids, 1, ids.length), new int[] {ids.length});
      return model instanceof SequenceClassifier classifier
          ? classifier.logits(inputs).toDoubles()
          : ((CausalLm) model).logits(inputs).slice(1, ids.length - 1, ids.length).toDoubles();
    }
  }

  private static Explanation explain(Model model, Baseline baseline, int target, Method method) {
    return new Explainer(model, TOKENIZER, baseline)
        .explain(TinyExplained.TEXT, OptionalInt.of(target), method, 60, 1);
  }

  @TestFactory
  List<DynamicTest> gradientsAreCompleteForEveryKindOfModel() {
    return models().entrySet().stream()
        .map(
            entry -> DynamicTest.dynamicTest(entry.getKey(), () -> checkComplete(entry.getValue())))
        .toList();
  }

  private static void checkComplete(Model model) {
    double[] logits = logits(model, TinyExplained.TEXT);
    for (Baseline baseline : List.of(Baseline.ZERO, Baseline.of(TOKENIZER))) {
      for (int target : new int[] {0, 2}) {
        var explained = explain(model, baseline, target, Method.INTEGRATED_GRADIENTS);
        Attribution all = explained.attribution();
        // The entrance of vectors gives the logits that the ids give.
        assertEquals(logits[target], all.value(), 1e-4 * Math.max(1, Math.abs(logits[target])));
        assertTrue(Math.abs(all.difference()) > 0.01, "too equal to test anything");
        assertTrue(all.isComplete(), explained::words);
        assertEquals(
            all.difference(),
            Arrays.stream(all.weights()).sum(),
            Math.max(0.01 * Math.abs(all.difference()), 1e-3));
      }
    }
  }

  @TestFactory
  List<DynamicTest> shapleyValuesAreEfficientForEveryKindOfModel() {
    return models().entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      var all =
                          explain(entry.getValue(), Baseline.ZERO, 1, Method.SHAPLEY).attribution();
                      assertTrue(all.weights().length > Shapley.MOST_EXACT);
                      assertEquals(all.weights().length, all.errors().length);
                      assertTrue(all.isComplete());
                    }))
        .toList();
  }

  @Test
  void fewTokensAreExact() {
    var explained =
        new Explainer(TinyExplained.gpt2(), TOKENIZER, Baseline.ZERO)
            .explain("Fever is", OptionalInt.of(0), Method.SHAPLEY, 100, 0);
    assertNull(explained.attribution().errors());
    assertEquals(1 << explained.tokens().size(), explained.attribution().evaluations());
  }

  @Test
  void theGradientIsThatOfTheLogit() {
    Model model = TinyExplained.bert();
    int[] ids = TOKENIZER.encode(TinyExplained.TEXT);
    var function = new ModelFunction(model, ids.length, 1);
    float[] x = function.embeddings(ids);
    float[] gradient = function.slopes(new float[][] {x}).gradients()[0];
    // The padding's id is 5: the vector there must have a gradient, too.
    for (int k : new int[] {0, 3, 5 * 16 + 2, x.length - 1}) {
      float[] up = x.clone();
      float[] down = x.clone();
      up[k] += 0.01f;
      down[k] -= 0.01f;
      double[] ends = function.values(new float[][] {up, down});
      double slope = (ends[0] - ends[1]) / 0.02;
      assertEquals(slope, gradient[k], 0.02 * Math.max(0.1, Math.abs(slope)), "place " + k);
    }
  }

  @Test
  void theModelIsLeftAsItWas() {
    SequenceClassifier model = TinyExplained.gpt2();
    model.train();
    double[] before = logits(model, TinyExplained.TEXT);
    Tensor frozen = model.parameters().firstEntry().getValue().freeze();
    explain(model, Baseline.ZERO, 0, Method.INTEGRATED_GRADIENTS);
    assertArrayEquals(before, logits(model, TinyExplained.TEXT));
    assertTrue(model.isTraining());
    for (Tensor parameter : model.parameters().values()) {
      assertNull(parameter.grad());
      assertEquals(parameter != frozen, parameter.requiresGrad());
    }
  }

  @Test
  void theMarkedPiecesAreTheText() {
    var explained = explain(TinyExplained.gpt2(), Baseline.ZERO, 0, Method.INTEGRATED_GRADIENTS);
    MarkedText marked = explained.marked();
    var text = new StringBuilder();
    marked.pieces().forEach(piece -> text.append(piece.text()));
    assertEquals(TinyExplained.TEXT, text.toString());
    double sum = marked.pieces().stream().mapToDouble(MarkedText.Piece::weight).sum();
    assertEquals(Arrays.stream(explained.attribution().weights()).sum(), sum, 1e-9);
  }

  @Test
  void tokensOfOneCharacterAreOnePiece() {
    var explainer = new Explainer(TinyExplained.gpt2(), TOKENIZER, Baseline.ZERO);
    MarkedText marked = explainer.explain("a \uD83D\uDE00 µg").marked();
    var text = new StringBuilder();
    marked.pieces().forEach(piece -> text.append(piece.text()));
    assertEquals("a \uD83D\uDE00 µg", text.toString());
  }

  @Test
  void longTextsAreCutAsInTraining() {
    String longer = "fever ".repeat(100);
    var classified = new Explainer(TinyExplained.gpt2(), TOKENIZER, Baseline.ZERO).explain(longer);
    assertEquals(64, classified.tokens().size());
    assertEquals(0, classified.tokens().getFirst().start());
    assertTrue(classified.left() > 0);
    assertTrue(classified.words().contains("did not see"), classified::words);
    var continued =
        new Explainer(TinyExplained.languageModel(), TOKENIZER, Baseline.ZERO).explain(longer);
    assertEquals(longer.length(), continued.tokens().getLast().end());
  }

  @Test
  void namesItsBaseline() {
    Baseline end = Baseline.of(TOKENIZER);
    assertEquals(TOKENIZER.endOfTextId().getAsInt(), end.id());
    var refused =
        assertThrows(
            IllegalArgumentException.class, () -> Baseline.named("nosuchtoken", TOKENIZER));
    assertTrue(refused.getMessage().contains("nosuchtoken"), refused::getMessage);
    assertEquals(Baseline.ZERO, Baseline.named("zero", TOKENIZER));
  }

  @Test
  void attentionIsDrawnAndSumsUpToOne() {
    for (Model model : models().values()) {
      AttentionMaps maps = AttentionMaps.of(model, TOKENIZER, TinyExplained.TEXT);
      assertEquals(2, maps.weights().length);
      for (float[] row : maps.weights()[1][0]) {
        double sum = 0;
        for (float weight : row) {
          sum += weight;
        }
        assertEquals(1, sum, 1e-5);
      }
      var section = maps.section();
      var second = (Figure) section.blocks().get(2);
      assertEquals(2, second.numbers().rows().size());
      String html = ReportWriter.html(RunReport.builder("maps").section(section).build());
      assertTrue(html.contains("head 2"));
    }
  }

  @Test
  void probabilitiesAreThoseOfTheLogitsWhateverTheBatch() {
    var classifier = new TextClassifier(TinyExplained.bert(), TOKENIZER);
    List<String> texts = List.of("Fever", TinyExplained.TEXT, "a sign. Fever", "x");
    double[][] all = classifier.probabilities(texts);
    for (int i = 0; i < texts.size(); i++) {
      double[] logits = logits(classifier.model(), texts.get(i));
      double sum = Arrays.stream(logits).map(Math::exp).sum();
      for (int k = 0; k < 3; k++) {
        assertEquals(Math.exp(logits[k]) / sum, all[i][k], 1e-5);
      }
    }
    assertEquals(1, classifier.number("yes"));
    assertEquals(2, classifier.number("2"));
    assertEquals(-1, classifier.number("3"));
  }
}
