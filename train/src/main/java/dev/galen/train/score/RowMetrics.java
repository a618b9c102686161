package dev.galen.train.score;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The metrics that rows can be scored by, and their options: the names are their references'. */
public final class RowMetrics {
  private static final String BLEU =
      "lowercase tokenize smooth-method smooth-value max-ngram-order effective-order";
  private static final String CHRF =
      "lowercase char-order word-order beta whitespace eps-smoothing";
  private static final String NLTK = "weights smoothing epsilon alpha k auto-reweigh";
  private static final String PRF = "average labels pos-label beta zero-division";

  private static final List<Entry> ALL =
      List.of(
          of("sacrebleu", "bleu sacrebleu.corpus", BLEU, TextRows::sacreBleu),
          of("sacrebleu.sentence", "sentence_sacrebleu", BLEU, TextRows::sacreBleuSentences),
          of("chrf", "", CHRF, (r, s) -> TextRows.chrf(r, s, 0)),
          of("chrf++", "chrfpp chrf_plus_plus", CHRF, (r, s) -> TextRows.chrf(r, s, 2)),
          of("ter", "", "normalized no-punct asian-support case-sensitive", TextRows::ter),
          of("nltk.corpus_bleu", "corpus_bleu", NLTK, (r, s) -> TextRows.nltk(r, s, true)),
          of("nltk.sentence_bleu", "sentence_bleu", NLTK, (r, s) -> TextRows.nltk(r, s, false)),
          of("rouge", "rouge_score", "rouge-types no-stemmer", TextRows::rouge),
          of(
              "exact_match",
              "em",
              "ignore-case ignore-punctuation ignore-numbers regexes-to-ignore",
              TextRows::exactMatch),
          of("perplexity", "", "", TextRows::perplexity),
          of("classification", "classification_report", PRF, ClassRows::classification),
          of("accuracy", "accuracy_score", "", ClassRows::accuracy),
          of(
              "balanced_accuracy",
              "balanced_accuracy_score",
              "adjusted",
              ClassRows::balancedAccuracy),
          of("precision", "precision_score", PRF, (r, s) -> ClassRows.scores(r, s, "precision")),
          of("recall", "recall_score", PRF, (r, s) -> ClassRows.scores(r, s, "recall")),
          of("f1", "f1_score fbeta fbeta_score", PRF, (r, s) -> ClassRows.scores(r, s, "fscore")),
          of(
              "precision_recall_fscore",
              "precision_recall_fscore_support prf",
              PRF,
              (r, s) -> ClassRows.scores(r, s, null)),
          of(
              "jaccard",
              "jaccard_score",
              "average labels pos-label zero-division",
              (r, s) -> ClassRows.scores(r, s, "jaccard")),
          of("confusion_matrix", "", "labels normalize", ClassRows::confusion),
          of("mcc", "matthews_corrcoef matthews", "", ClassRows::matthews),
          of("cohen_kappa", "kappa cohen_kappa_score", "labels weights", ClassRows::kappa),
          of("hamming_loss", "hamming", "", ClassRows::hammingLoss),
          of(
              "entity_f1",
              "seqeval entities",
              "mode scheme average zero-division",
              ClassRows::entities),
          of(
              "roc_auc",
              "roc_auc_score auc",
              "average multi-class labels pos-label max-fpr",
              RankRows::rocAuc),
          of("roc_curve", "", "pos-label keep-intermediate", RankRows::rocCurve),
          of(
              "average_precision",
              "average_precision_score",
              "average labels pos-label",
              RankRows::averagePrecision),
          of(
              "precision_recall_curve",
              "",
              "pos-label drop-intermediate",
              RankRows::precisionRecall),
          of(
              "brier",
              "brier_score brier_score_loss",
              "labels pos-label scale-by-half",
              RankRows::brier),
          of("log_loss", "cross_entropy", "labels pos-label sum", RankRows::logLoss),
          of("ece", "calibration", "labels pos-label bins", RankRows::calibration),
          of("top_k_accuracy", "top_k_accuracy_score top_k", "labels pos-label k", RankRows::topK),
          of(
              "label_ranking_average_precision",
              "label_ranking_average_precision_score lrap",
              "",
              RankRows::labelRanking),
          of("regression", "", "", NumberRows::all),
          number("mse", "mean_squared_error"),
          number("rmse", "root_mean_squared_error"),
          number("mae", "mean_absolute_error"),
          number("median_absolute_error", "medae"),
          number("max_error", ""),
          number("r2", "r2_score"),
          number("explained_variance", "explained_variance_score"),
          number("pearson", "pearsonr"),
          number("spearman", "spearmanr"),
          of("wilson", "wilson_interval", "confidence", NumberRows::wilson),
          of("mcnemar", "", "form", NumberRows::mcNemar),
          of("paired_bootstrap", "bootstrap", "of samples seed confidence", NumberRows::bootstrap));

  private static final List<ScoreOption> OPTIONS =
      List.of(
          flag("lowercase", "sacrebleu, chrf: compare lower case letters."),
          value("tokenize", "NAME", "sacrebleu: 13a (default), none, char, intl or zh."),
          value("smooth-method", "NAME", "sacrebleu: exp (default), none, floor or add-k."),
          value("smooth-value", "X", "sacrebleu: of floor (0.1) and add-k (1)."),
          value("max-ngram-order", "N", "sacrebleu: longest n-grams (4)."),
          flag("effective-order", "sacrebleu: leave out orders that nothing is long enough for."),
          value("char-order", "N", "chrf: longest n-grams of characters (6)."),
          value("word-order", "N", "chrf: longest n-grams of words (0; chrf++ 2)."),
          value("beta", "X", "chrf (2), F (1): the weight of recall."),
          flag("whitespace", "chrf: count white space."),
          flag("eps-smoothing", "chrf: as chrF++.py, nltk and Moses."),
          flag("normalized", "ter: punctuation apart, entities read."),
          flag("no-punct", "ter: without punctuation."),
          flag("asian-support", "ter: Chinese characters apart."),
          flag("case-sensitive", "ter: compare letters as they are."),
          value("smoothing", "NAME", "nltk: none (default), method0 to method7."),
          value(
              "weights",
              "LIST",
              "nltk: of the orders (0.25,0.25,0.25,0.25). kappa: none, linear, quadratic."),
          value("epsilon", "X", "nltk: of method1 (0.1)."),
          value("alpha", "X", "nltk: of method6 (5)."),
          value("k", "X", "nltk: of method4 (5). top_k_accuracy: how many (2)."),
          flag("auto-reweigh", "nltk: equal weights for fewer than four words."),
          value(
              "rouge-types",
              "LIST",
              "rouge: rouge1 to rouge9, rougeL, rougeLsum (rouge1,rouge2,rougeL)."),
          flag("no-stemmer", "rouge: compare words as they are."),
          flag("ignore-case", "exact_match."),
          flag("ignore-punctuation", "exact_match."),
          flag("ignore-numbers", "exact_match."),
          value("regexes-to-ignore", "LIST", "exact_match: what is left out first."),
          value("average", "NAME", "binary, micro, macro, weighted, samples or none."),
          value(
              "labels",
              "LIST",
              "The labels, in the order of results and scores (default: those that occur)."),
          value("pos-label", "LABEL", "What binary means (1)."),
          value("zero-division", "X", "What 0/0 is: 0 (default), 1 or nan."),
          flag("adjusted", "balanced_accuracy: guessing is 0."),
          value("normalize", "NAME", "confusion_matrix: none, true, pred or all."),
          value("mode", "NAME", "entity_f1: default or strict."),
          value(
              "scheme",
              "NAME",
              "entity_f1, strict: IOB2, IOE2, IOBES or BILOU (default: by the tags)."),
          value("multi-class", "NAME", "roc_auc: ovr (default) or ovo."),
          value("max-fpr", "X", "roc_auc: the area up to this rate."),
          flag("keep-intermediate", "roc_curve: points on straight lines, too."),
          flag("drop-intermediate", "precision_recall_curve: fewer points."),
          value("scale-by-half", "NAME", "brier: auto (default), true or false."),
          flag("sum", "log_loss: the sum instead of the mean."),
          value("bins", "N", "ece: bins (10)."),
          value("confidence", "X", "wilson, paired_bootstrap: of the interval (0.95)."),
          value("form", "NAME", "mcnemar: exact (default), corrected or asymptotic."),
          value("of", "NAME", "paired_bootstrap: accuracy (default) or sacrebleu."),
          value("samples", "N", "paired_bootstrap: how often (1000)."),
          value("seed", "N", "paired_bootstrap: of the draws (42)."));

  private record Entry(
      String name,
      List<String> aliases,
      List<String> options,
      BiFunction<ScoreRows, Settings, Report> metric) {}

  private RowMetrics() {}

  private static Entry of(
      String name, String aliases, String options, BiFunction<ScoreRows, Settings, Report> metric) {
    return new Entry(name, words(aliases), words(options), metric);
  }

  private static Entry number(String name, String aliases) {
    return of(name, aliases, "", (rows, settings) -> NumberRows.one(rows, name));
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  private static ScoreOption flag(String name, String help) {
    return new ScoreOption(name, null, help);
  }

  private static ScoreOption value(String name, String label, String help) {
    return new ScoreOption(name, label, help);
  }

  /** The names of all metrics. */
  public static List<String> names() {
    return ALL.stream().map(Entry::name).toList();
  }

  /** Every option that some metric has. */
  public static List<ScoreOption> options() {
    return OPTIONS;
  }

  /**
   * Scores a file.
   *
   * @param metric a name of {@link #names}, or that of the reference's function
   * @param file JSON lines
   * @param options those that are given, by name without dashes; those without a value have any
   * @throws IllegalArgumentException if the metric does not have an option, or a row does not suit
   */
  public static Report score(String metric, Path file, Map<String, String> options)
      throws IOException {
    Entry entry = named(metric);
    for (String option : options.keySet()) {
      if (!entry.options.contains(option)) {
        throw new IllegalArgumentException(
            "--%s is no option of --metric %s, which has %s"
                .formatted(
                    option,
                    entry.name,
                    entry.options.isEmpty() ? "none" : "--" + String.join(", --", entry.options)));
      }
    }
    ScoreRows rows = ScoreRows.read(file, entry.name.equals("entity_f1"), entry.options);
    var settings = new TreeMap<>(rows.settings());
    settings.putAll(options);
    Report report = entry.metric.apply(rows, new Settings(settings));
    var json = report.json().objectNode();
    json.put("metric", entry.name).put("rows", rows.rows().size());
    json.setAll(report.json());
    return new Report(json, report.picture());
  }

  private static Entry named(String metric) {
    String asked = metric.toLowerCase(Locale.ROOT).replace('-', '_');
    return ALL.stream()
        .filter(entry -> entry.name.equals(asked) || entry.aliases.contains(asked))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--metric is %s, must be one of %s"
                        .formatted(metric, String.join(", ", names()))));
  }
}
