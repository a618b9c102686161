package dev.galen.train.score;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.train.metrics.Bleu;
import dev.galen.train.metrics.BleuTokenizer;
import dev.galen.train.metrics.Chrf;
import dev.galen.train.metrics.ExactMatch;
import dev.galen.train.metrics.Perplexities;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.metrics.Rouge;
import dev.galen.train.metrics.SacreBleu;
import dev.galen.train.metrics.Smoothing;
import dev.galen.train.metrics.Ter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Metrics of texts: each row has a prediction and one or more references. */
final class TextRows {
  private TextRows() {}

  private static List<String> predictions(ScoreRows rows) {
    return rows.rows().stream().map(row -> row.text(ScoreRows.PREDICTION)).toList();
  }

  private static List<List<String>> references(ScoreRows rows) {
    return rows.rows().stream().map(row -> row.texts(ScoreRows.TRUTH)).toList();
  }

  static SacreBleu.Settings bleuSettings(Settings settings) {
    var smoothing = settings.as("smooth-method", "exp", SacreBleu.SmoothMethod::named);
    return new SacreBleu.Settings(
        settings.flag("lowercase"),
        settings.as("tokenize", "13a", BleuTokenizer::named),
        smoothing,
        settings.optionalNumber("smooth-value"),
        settings.whole("max-ngram-order", 4, 1),
        settings.flag("effective-order"));
  }

  /** The corpus, and each sentence, these with effective order as is recommended. */
  static Report sacreBleu(ScoreRows rows, Settings settings) {
    var its = bleuSettings(settings);
    var hypotheses = predictions(rows);
    var references = references(rows);
    var score = SacreBleu.corpus(references, hypotheses, its);
    var of = its.withEffectiveOrder(true);
    return Report.empty()
        .put("score", score.score())
        .put("precisions", doubles(score.precisions()))
        .put("bp", score.brevityPenalty())
        .put("sys_len", score.hypothesisLength())
        .put("ref_len", score.referenceLength())
        .put("counts", doubles(score.smoothedCounts(its)))
        .put("totals", doubles(score.smoothedTotals(its)))
        .put("signature", its.signature(references))
        .put(
            "sentences",
            each(rows, i -> SacreBleu.sentence(references.get(i), hypotheses.get(i), of).score()));
  }

  /** The mean of the sentences, each by the settings; effective order is on. */
  static Report sacreBleuSentences(ScoreRows rows, Settings settings) {
    var its = bleuSettings(settings).withEffectiveOrder(true);
    var hypotheses = predictions(rows);
    var references = references(rows);
    double[] sentences =
        each(rows, i -> SacreBleu.sentence(references.get(i), hypotheses.get(i), its).score());
    return Report.empty()
        .put("score", mean(sentences))
        .put("signature", its.signature(references))
        .put("sentences", sentences);
  }

  static Report chrf(ScoreRows rows, Settings settings, int wordOrder) {
    var its =
        new Chrf.Settings(
            settings.whole("char-order", 6, 0),
            settings.whole("word-order", wordOrder, 0),
            settings.number("beta", 2),
            settings.flag("lowercase"),
            settings.flag("whitespace"),
            settings.flag("eps-smoothing"));
    var hypotheses = predictions(rows);
    var references = references(rows);
    return Report.empty()
        .put("score", Chrf.corpus(references, hypotheses, its))
        .put("name", its.name())
        .put("signature", its.signature(references))
        .put(
            "sentences", each(rows, i -> Chrf.sentence(references.get(i), hypotheses.get(i), its)));
  }

  static Report ter(ScoreRows rows, Settings settings) {
    var its =
        new Ter.Settings(
            settings.flag("normalized"),
            settings.flag("no-punct"),
            settings.flag("asian-support"),
            settings.flag("case-sensitive"));
    var hypotheses = predictions(rows);
    var references = references(rows);
    var score = Ter.corpus(references, hypotheses, its);
    return Report.empty()
        .put("score", score.score())
        .put("edits", score.edits())
        .put("ref_length", score.referenceLength())
        .put("signature", its.signature(references))
        .put(
            "sentences",
            each(rows, i -> Ter.sentence(references.get(i), hypotheses.get(i), its).score()));
  }

  static Report nltk(ScoreRows rows, Settings settings, boolean corpus) {
    double[] weights =
        settings.has("weights") ? settings.numbers("weights") : Bleu.uniformWeights(4);
    var smoothing = settings.as("smoothing", "method0", TextRows::smoothing);
    var constants =
        new Smoothing.Constants(
            settings.number("epsilon", 0.1), settings.number("alpha", 5), settings.number("k", 5));
    boolean reweigh = settings.flag("auto-reweigh");
    var hypotheses = rows.rows().stream().map(TextRows::tokens).toList();
    var references = rows.rows().stream().map(TextRows::referenceTokens).toList();
    double[] sentences =
        each(
            rows,
            i ->
                Bleu.corpus(
                    List.of(references.get(i)),
                    List.of(hypotheses.get(i)),
                    weights,
                    smoothing,
                    constants,
                    reweigh));
    double score =
        corpus
            ? Bleu.corpus(references, hypotheses, weights, smoothing, constants, reweigh)
            : mean(sentences);
    return Report.empty().put("score", score).put("sentences", sentences);
  }

  private static Smoothing smoothing(String name) {
    if (name.equals("none")) {
      return Smoothing.METHOD_0;
    }
    String digit = name.replaceFirst("(?i)^method[_ ]?", "");
    if (digit.matches("[0-7]")) {
      return Smoothing.valueOf("METHOD_" + digit);
    }
    throw new IllegalArgumentException(
        "there is no smoothing \"" + name + "\"; there are none and method0 to method7");
  }

  private static List<String> tokens(ScoreRows.Row row) {
    JsonNode value = row.get(ScoreRows.PREDICTION);
    return value.isArray()
        ? tokens(row, ScoreRows.PREDICTION, value)
        : Bleu.words(row.text(ScoreRows.PREDICTION));
  }

  private static List<String> tokens(ScoreRows.Row row, List<String> names, JsonNode value) {
    var tokens = new ArrayList<String>();
    for (JsonNode token : value) {
      if (!token.isTextual()) {
        throw row.refuse(names, value, "a text or a list of its words");
      }
      tokens.add(token.textValue());
    }
    return tokens;
  }

  /** Lists of words, texts, or the words of one reference beside a hypothesis of words. */
  private static List<List<String>> referenceTokens(ScoreRows.Row row) {
    JsonNode value = row.get(ScoreRows.TRUTH);
    boolean words = row.get(ScoreRows.PREDICTION).isArray();
    if (value.isArray() && value.path(0).isTextual() && words) {
      return List.of(tokens(row, ScoreRows.TRUTH, value));
    }
    if (value.isArray() && value.path(0).isArray()) {
      var references = new ArrayList<List<String>>();
      value.forEach(reference -> references.add(tokens(row, ScoreRows.TRUTH, reference)));
      return references;
    }
    return row.texts(ScoreRows.TRUTH).stream().map(Bleu::words).toList();
  }

  static Report rouge(ScoreRows rows, Settings settings) {
    boolean stem = !settings.flag("no-stemmer");
    var types = settings.list("rouge-types");
    var report = Report.empty();
    var hypotheses = predictions(rows);
    var references = references(rows);
    for (String type : types.isEmpty() ? List.of("rouge1", "rouge2", "rougeL") : types) {
      Function<Integer, Rouge.Score> score =
          i ->
              references.get(i).stream()
                  .map(reference -> rouge(type, reference, hypotheses.get(i), stem))
                  .reduce((a, b) -> b.fmeasure() > a.fmeasure() ? b : a)
                  .orElseThrow();
      var all = IntStream.range(0, hypotheses.size()).mapToObj(score::apply).toList();
      var node = report.json().putObject(type);
      Report.put(node, "precision", mean(all, Rouge.Score::precision));
      Report.put(node, "recall", mean(all, Rouge.Score::recall));
      Report.put(node, "fmeasure", mean(all, Rouge.Score::fmeasure));
    }
    return report;
  }

  private static Rouge.Score rouge(String type, String target, String prediction, boolean stem) {
    if (type.equals("rougeL")) {
      return Rouge.rougeL(target, prediction, stem);
    }
    if (type.equals("rougeLsum")) {
      return Rouge.rougeLsum(target, prediction, stem);
    }
    if (type.matches("rouge[1-9]")) {
      return Rouge.rougeN(target, prediction, type.charAt(5) - '0', stem);
    }
    throw new IllegalArgumentException(
        "--rouge-types has %s, must be of rouge1 to rouge9, rougeL and rougeLsum".formatted(type));
  }

  static Report exactMatch(ScoreRows rows, Settings settings) {
    var patterns = settings.list("regexes-to-ignore").stream().map(Pattern::compile).toList();
    var match =
        new ExactMatch(
            settings.flag("ignore-case"),
            settings.flag("ignore-punctuation"),
            settings.flag("ignore-numbers"),
            patterns);
    var hypotheses = predictions(rows);
    var references = references(rows);
    return Report.empty()
        .put(
            "score",
            mean(each(rows, i -> match.matches(references.get(i), hypotheses.get(i)) ? 1 : 0)));
  }

  /** Of each text its tokens' log-probabilities, or its mean loss and number of tokens. */
  static Report perplexity(ScoreRows rows, Settings settings) {
    var texts = new ArrayList<Perplexity>();
    var logs = List.of("logprobs", "log_probs", "token_logprobs", "log_probabilities");
    for (var row : rows.rows()) {
      if (row.find(logs).isPresent()) {
        texts.add(Perplexities.ofLogProbabilities(List.of(row.numbers(logs))).texts().getFirst());
      } else if (row.find(List.of("losses")).isPresent()) {
        var sum = new Perplexity.Accumulator();
        for (double loss : row.numbers(List.of("losses"))) {
          sum.add(loss, 1);
        }
        texts.add(sum.result());
      } else {
        double tokens = row.number(List.of("tokens"));
        texts.add(new Perplexity(row.number(List.of("loss")), (long) tokens));
      }
    }
    var all = new Perplexities(texts);
    return Report.empty()
        .put("corpus_perplexity", all.corpus().perplexity())
        .put("mean_text_perplexity", all.meanOfTexts())
        .put("loss", all.corpus().loss())
        .put("tokens", all.corpus().tokens())
        .put("text_perplexities", each(rows, i -> texts.get(i).perplexity()));
  }

  private interface PerRow {
    double of(int row);
  }

  private static double[] each(ScoreRows rows, PerRow score) {
    return IntStream.range(0, rows.rows().size()).mapToDouble(score::of).toArray();
  }

  static double mean(double[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).sum() / values.length;
  }

  private static double mean(List<Rouge.Score> scores, ToDoubleFunction<Rouge.Score> part) {
    return mean(scores.stream().mapToDouble(part).toArray());
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
