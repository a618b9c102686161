package dev.galen.train.metrics;

import static dev.galen.train.metrics.Fixtures.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/** The shared metric cases, each computed by the reference implementation that it names. */
class SharedCasesTest {

  /** Cases in the same file about text cleaning, tokenization and attribution. */
  private static final Set<String> OF_OTHERS =
      Set.of("clean_text", "nltk.word_tokenize(single sentence)", "shapley");

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    JsonNode file;
    try {
      file = Fixtures.shared("metric-cases.json");
    } catch (TestAbortedException absent) {
      // Thrown here it would leave no trace: a factory without tests is not reported as skipped.
      return Stream.of(dynamicTest("metric-cases.json", () -> abort(absent.getMessage())));
    }
    return Fixtures.list(file.required("cases"), c -> c).stream()
        .filter(c -> !OF_OTHERS.contains(c.required("metric").asText()))
        .map(c -> dynamicTest(c.required("id").asText(), () -> check(c)));
  }

  private static void check(JsonNode c) throws IOException {
    var input = c.required("input");
    var expected = c.required("expected");
    switch (c.required("metric").asText()) {
      case "nltk.sentence_bleu" -> bleu(input, expected);
      case "sacrebleu.corpus" -> sacreBleuCorpus(input, expected);
      case "sacrebleu.sentence" -> sacreBleuSentence(input, expected);
      case "sacrebleu.tokenize.13a" -> tokens13a(input, expected);
      case "rouge" -> rouge(input, expected);
      case "porter_stem" -> stems(input, expected);
      case "classification" -> classification(input, expected);
      case "roc_auc" -> rocAuc(input, expected);
      case "perplexity" -> perplexity(input, expected);
      case "perplexity_strided" -> stridedPerplexity(input, expected);
      case "pubmedqa_eval" -> pubmedQa(expected);
      default -> fail("no check for the metric of " + c);
    }
  }

  private static void bleu(JsonNode input, JsonNode expected) {
    var references = Fixtures.list(input.required("references"), Fixtures::strings);
    var hypothesis = Fixtures.strings(input.required("hypothesis"));
    var weights = Fixtures.doubles(input.required("weights"));
    boolean one = expected.has("bleu");
    int methods = 0;
    for (var smoothing : Smoothing.values()) {
      var name = "method" + smoothing.ordinal();
      var score = expected.path(one && smoothing == Smoothing.METHOD_0 ? "bleu" : name);
      if (score.isNumber()) {
        double actual = Bleu.sentence(references, hypothesis, weights, smoothing);
        assertClose(score.asDouble(), actual, name);
        methods++;
      }
    }
    assertEquals(one ? 1 : expected.size(), methods);
  }

  private static void sacreBleuCorpus(JsonNode input, JsonNode expected) {
    // sacrebleu takes one list per reference number, we one list per hypothesis.
    var streams = Fixtures.list(input.required("references"), Fixtures::strings);
    var hypotheses = Fixtures.strings(input.required("hypotheses"));
    var references = new ArrayList<List<String>>();
    for (int i = 0; i < hypotheses.size(); i++) {
      int at = i;
      references.add(streams.stream().map(stream -> stream.get(at)).toList());
    }
    var actual = SacreBleu.corpus(references, hypotheses);
    sacreBleu(expected, actual);
    assertEquals(expected.required("sys_len").asLong(), actual.hypothesisLength());
    assertEquals(expected.required("ref_len").asLong(), actual.referenceLength());
    assertEquals(Fixtures.list(expected.required("counts"), n -> n.asLong()), actual.counts());
    assertEquals(Fixtures.list(expected.required("totals"), n -> n.asLong()), actual.totals());
  }

  private static void sacreBleuSentence(JsonNode input, JsonNode expected) {
    var references = Fixtures.strings(input.required("references"));
    sacreBleu(expected, SacreBleu.sentence(references, input.required("hypothesis").asText()));
  }

  private static void sacreBleu(JsonNode expected, SacreBleu.Score actual) {
    assertClose(expected.required("score").asDouble(), actual.score(), "score");
    assertClose(expected.required("bp").asDouble(), actual.brevityPenalty(), "bp");
    var precisions = Fixtures.doubles(expected.required("precisions"));
    for (int i = 0; i < precisions.length; i++) {
      assertClose(precisions[i], actual.precisions().get(i), "precision " + (i + 1));
    }
  }

  private static void tokens13a(JsonNode input, JsonNode expected) {
    assertEquals(
        Fixtures.strings(expected.required("tokenised")),
        Fixtures.list(
            input.required("texts"), t -> String.join(" ", SacreBleu.tokenize(t.asText()))));
  }

  private static void rouge(JsonNode input, JsonNode expected) {
    var target = input.required("target").asText();
    var prediction = input.required("prediction").asText();
    boolean stem = input.required("use_stemmer").asBoolean();
    for (var type : Fixtures.strings(input.required("types"))) {
      Rouge.Score actual =
          switch (type) {
            case "rouge1" -> Rouge.score(target, prediction, stem).rouge1();
            case "rouge2" -> Rouge.score(target, prediction, stem).rouge2();
            case "rougeL" -> Rouge.score(target, prediction, stem).rougeL();
            case "rougeLsum" -> Rouge.rougeLsum(target, prediction, stem);
            default -> fail("no check for " + type);
          };
      var values = expected.required(type);
      assertClose(values.required("precision").asDouble(), actual.precision(), type);
      assertClose(values.required("recall").asDouble(), actual.recall(), type);
      assertClose(values.required("fmeasure").asDouble(), actual.fmeasure(), type);
    }
  }

  private static void stems(JsonNode input, JsonNode expected) {
    var words = Fixtures.strings(input.required("words"));
    for (var mode : PorterStemmer.Mode.values()) {
      var name = expected.has("stems") ? "stems" : mode.name();
      if (!expected.has("stems") || mode == PorterStemmer.Mode.NLTK_EXTENSIONS) {
        var stemmer = new PorterStemmer(mode);
        assertEquals(
            Fixtures.strings(expected.required(name)), words.stream().map(stemmer::stem).toList());
      }
    }
  }

  private static void classification(JsonNode input, JsonNode expected) {
    var truth = Fixtures.strings(input.required("y_true"));
    var labels = input.has("labels") ? Fixtures.strings(input.get("labels")) : List.of("0", "1");
    var matrix = ConfusionMatrix.of(truth, Fixtures.strings(input.required("y_pred")), labels);
    assertClose(expected.required("accuracy").asDouble(), matrix.accuracy(), "accuracy");
    for (int t = 0; t < labels.size(); t++) {
      for (int p = 0; p < labels.size(); p++) {
        assertEquals(
            expected.required("confusion_matrix").get(t).get(p).asLong(), matrix.count(t, p));
      }
      if (expected.has("per_class")) {
        var scores = expected.required("per_class").required(labels.get(t));
        scores(scores, matrix.of(t, 0));
        assertEquals(scores.required("support").asLong(), matrix.of(t, 0).support());
      }
    }
    if (input.has("pos_label")) {
      scores(expected, matrix.of(1, 0));
      double area = expected.required("roc_auc_of_hard_predictions").asDouble();
      assertClose(area, matrix.macro(0).recall(), "balanced accuracy");
      var hard = Fixtures.doubles(input.required("y_pred"));
      var positives = ClassificationTest.positives(input.required("y_true"));
      assertClose(area, RocCurve.of(positives, hard).area(), "area of decisions");
    } else {
      scores(expected.required("micro"), matrix.micro());
      scores(expected.required("macro"), matrix.macro(0));
      scores(expected.required("weighted"), matrix.weighted(0));
    }
  }

  private static void scores(JsonNode expected, ConfusionMatrix.Scores actual) {
    assertClose(expected.required("precision").asDouble(), actual.precision(), "precision");
    assertClose(expected.required("recall").asDouble(), actual.recall(), "recall");
    assertClose(expected.required("f1").asDouble(), actual.f1(), "f1");
  }

  private static void rocAuc(JsonNode input, JsonNode expected) {
    var truth = input.required("y_true");
    if (expected.has("ovr_macro")) {
      var classes = Fixtures.ints(truth);
      var scores = Fixtures.rows(input.required("y_score"));
      for (var average : RocCurve.Average.values()) {
        var name = average.name().toLowerCase(Locale.ROOT);
        double rest = RocCurve.oneVersusRest(classes, scores, average).orElseThrow();
        double one = RocCurve.oneVersusOne(classes, scores, average).orElseThrow();
        assertClose(expected.required("ovr_" + name).asDouble(), rest, "one versus rest");
        assertClose(expected.required("ovo_" + name).asDouble(), one, "one versus one");
      }
      return;
    }
    var positive = ClassificationTest.positives(truth);
    var scores = Fixtures.doubles(input.required("y_score"));
    var area = RocCurve.area(positive, scores);
    assertEquals(expected.required("auc").isNumber(), area.isPresent());
    area.ifPresent(a -> assertClose(expected.required("auc").asDouble(), a, "area"));
    if (expected.has("fpr")) {
      var points = RocCurve.of(positive, scores).points();
      assertEquals(
          Fixtures.list(expected.get("fpr"), JsonNode::asDouble),
          points.stream().map(RocCurve.Point::falsePositiveRate).toList());
      assertEquals(
          Fixtures.list(expected.get("tpr"), JsonNode::asDouble),
          points.stream().map(RocCurve.Point::truePositiveRate).toList());
    }
  }

  private static void perplexity(JsonNode input, JsonNode expected) {
    var logits = Fixtures.rows(input.required("logits"));
    var labels = Fixtures.ints(input.required("labels"));
    var accumulator = new Perplexity.Accumulator();
    for (int i = 1; i < labels.length; i++) {
      if (labels[i] != -100) {
        accumulator.add(negativeLogLikelihood(logits[i - 1], labels[i]), 1);
      }
    }
    if (expected.required("tokens_scored").asInt() == 0) {
      assertThrows(IllegalArgumentException.class, accumulator::result);
      return;
    }
    var result = accumulator.result();
    assertClose(expected.required("loss").asDouble(), result.loss(), "loss");
    assertClose(expected.required("perplexity").asDouble(), result.perplexity(), "perplexity");
    assertEquals(expected.required("tokens_scored").asLong(), result.tokens());
  }

  private static double negativeLogLikelihood(double[] logits, int label) {
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    return Math.log(sum) - logits[label];
  }

  /** The toy model of the case: nll = 0.5 + 2 / (i - begin) + 0.1 (token mod 7). */
  private static void stridedPerplexity(JsonNode input, JsonNode expected) {
    int stride = input.required("stride").asInt();
    var windows = StridedWindow.plan(50, input.required("max_length").asInt(), stride);
    var weighted = new Perplexity.Accumulator();
    var byWindow = new Perplexity.Accumulator();
    var shapes = new ArrayList<List<Integer>>();
    int covered = 0;
    for (var window : windows) {
      double sum = 0;
      for (int i = window.firstScored(); i < window.end(); i++) {
        sum += 0.5 + 2.0 / (i - window.begin()) + 0.1 * ((i * 37 + 11) % 101 % 7);
      }
      int targets = window.end() - covered;
      covered = window.end();
      shapes.add(List.of(window.begin(), window.end(), targets, window.scored()));
      weighted.add(sum, window.scored());
      byWindow.addMean(sum / window.scored(), targets - 1);
    }
    assertEquals(
        Fixtures.list(
            expected.required("windows_begin_end_trglen_scored"),
            window -> Fixtures.list(window, JsonNode::asInt)),
        shapes);
    result(expected, "token_weighted", weighted.result());
    result(expected, "hf_doc", byWindow.result());
  }

  private static void result(JsonNode expected, String way, Perplexity actual) {
    assertClose(expected.required(way + "_ppl").asDouble(), actual.perplexity(), way);
    assertEquals(expected.required(way + "_n_tokens").asLong(), actual.tokens(), way);
  }

  private static void pubmedQa(JsonNode expected) throws IOException {
    var split = Fixtures.shared("pubmedqa/official_split.json");
    var records = new ArrayList<JsonNode>();
    Fixtures.shared("pubmedqa/pqal_shared.json")
        .properties()
        .forEach(
            record -> {
              if (split.path(record.getKey()).asText().equals("test")) {
                records.add(record.getValue());
              }
            });
    assertEquals(expected.required("n").asInt(), records.size());
    var labels = List.of("yes", "no", "maybe");
    var truth = records.stream().map(r -> r.required("final_decision").asText()).toList();
    for (var way : List.of("majority_yes", "human_reasoning_required", "human_reasoning_free")) {
      var field = way.replace("human_", "") + "_pred";
      var predicted = records.stream().map(r -> r.path(field).asText("yes")).toList();
      var matrix = ConfusionMatrix.of(truth, predicted, labels);
      var scores = expected.required(way);
      assertClose(scores.required("accuracy").asDouble(), matrix.accuracy(), way);
      assertClose(scores.required("macro_f1").asDouble(), matrix.macro(0).f1(), way);
    }
  }
}
