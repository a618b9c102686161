package dev.galen.train.metrics;

import static dev.galen.train.metrics.Fixtures.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Checks a case that sacrebleu computed, whichever metric and settings it names. */
final class SacreBleuCases {
  private SacreBleuCases() {}

  /** sacrebleu's streams, of which one line each belongs to a hypothesis, if it is there. */
  static List<List<String>> references(List<JsonNode> streams, int hypotheses) {
    var references = new ArrayList<List<String>>();
    for (int i = 0; i < hypotheses; i++) {
      int at = i;
      references.add(
          streams.stream()
              .filter(stream -> !stream.get(at).isNull())
              .map(stream -> stream.get(at).asText())
              .toList());
    }
    return references;
  }

  static void check(JsonNode c, List<String> hypotheses, List<List<String>> references) {
    var settings = c.required("settings");
    double score = c.required("corpus").asDouble();
    var signature = c.required("signature").asText();
    boolean effective = c.has("sentences (effective_order True)");
    var sentences =
        c.has("sentences")
            ? Fixtures.doubles(c.get("sentences"))
            : effective
                ? Fixtures.doubles(c.get("sentences (effective_order True)"))
                : new double[0];
    switch (c.required("metric").asText()) {
      case "BLEU" -> {
        var its = bleu(settings);
        assertEquals(signature, its.signature(references));
        var actual = SacreBleu.corpus(references, hypotheses, its);
        assertClose(score, actual.score(), "corpus");
        if (c.has("bp")) {
          details(c, actual, its);
        }
        var of = its.withEffectiveOrder(effective || its.effectiveOrder());
        for (int i = 0; i < sentences.length; i++) {
          var one = SacreBleu.sentence(references.get(i), hypotheses.get(i), of);
          assertClose(sentences[i], one.score(), "sentence " + i);
        }
      }
      case "CHRF" -> {
        var its = chrf(settings);
        assertEquals(signature, its.signature(references));
        assertClose(score, Chrf.corpus(references, hypotheses, its), "corpus");
        for (int i = 0; i < sentences.length; i++) {
          double one = Chrf.sentence(references.get(i), hypotheses.get(i), its);
          assertClose(sentences[i], one, "sentence " + i);
        }
      }
      default -> {
        var its = ter(settings);
        assertEquals(signature, its.signature(references));
        var actual = Ter.corpus(references, hypotheses, its);
        assertClose(score, actual.score(), "corpus");
        assertEquals(c.required("edits").asLong(), actual.edits());
        assertClose(c.required("ref_length").asDouble(), actual.referenceLength(), "length");
        for (int i = 0; i < sentences.length; i++) {
          double one = Ter.sentence(references.get(i), hypotheses.get(i), its).score();
          assertClose(sentences[i], one, "sentence " + i);
        }
      }
    }
  }

  private static void details(JsonNode c, SacreBleu.Score actual, SacreBleu.Settings its) {
    assertClose(c.required("bp").asDouble(), actual.brevityPenalty(), "bp");
    assertEquals(c.required("sys_len").asLong(), actual.hypothesisLength());
    assertEquals(c.required("ref_len").asLong(), actual.referenceLength());
    var precisions = Fixtures.doubles(c.required("precisions"));
    var counts = actual.smoothedCounts(its);
    var totals = actual.smoothedTotals(its);
    for (int n = 0; n < precisions.length; n++) {
      assertClose(precisions[n], actual.precisions().get(n), "precision " + n);
      assertClose(c.required("counts").get(n).asDouble(), counts.get(n), "count " + n);
      assertClose(c.required("totals").get(n).asDouble(), totals.get(n), "total " + n);
    }
  }

  private static SacreBleu.Settings bleu(JsonNode s) {
    return new SacreBleu.Settings(
        s.path("lowercase").asBoolean(),
        BleuTokenizer.named(s.path("tokenize").asText("13a")),
        SacreBleu.SmoothMethod.named(s.path("smooth_method").asText("exp")),
        s.path("smooth_value").isNumber()
            ? OptionalDouble.of(s.get("smooth_value").asDouble())
            : OptionalDouble.empty(),
        s.path("max_ngram_order").asInt(4),
        s.path("effective_order").asBoolean());
  }

  private static Chrf.Settings chrf(JsonNode s) {
    return new Chrf.Settings(
        s.path("char_order").asInt(6),
        s.path("word_order").asInt(0),
        s.path("beta").asDouble(2),
        s.path("lowercase").asBoolean(),
        s.path("whitespace").asBoolean(),
        s.path("eps_smoothing").asBoolean());
  }

  private static Ter.Settings ter(JsonNode s) {
    return new Ter.Settings(
        s.path("normalized").asBoolean(),
        s.path("no_punct").asBoolean(),
        s.path("asian_support").asBoolean(),
        s.path("case_sensitive").asBoolean());
  }
}
