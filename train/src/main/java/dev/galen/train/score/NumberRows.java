package dev.galen.train.score;

import dev.galen.train.metrics.Regression;
import dev.galen.train.metrics.SacreBleu;
import dev.galen.train.metrics.Significance;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Metrics of numbers, and of what a difference is worth. */
final class NumberRows {
  private static final List<String> SECOND =
      List.of("prediction_b", "other", "hypothesis_b", "y_pred_b", "second");
  private static final List<String> SCORE_A = List.of("score_a", "a");
  private static final List<String> SCORE_B = List.of("score_b", "b");

  private NumberRows() {}

  static Report one(ScoreRows rows, String metric) {
    return Report.empty().put("score", value(rows, metric));
  }

  static Report all(ScoreRows rows, Settings settings) {
    var report = Report.empty();
    for (String metric :
        List.of(
            "mse",
            "rmse",
            "mae",
            "median_absolute_error",
            "max_error",
            "r2",
            "explained_variance",
            "pearson",
            "spearman")) {
      report.put(metric, value(rows, metric));
    }
    return report;
  }

  private static double value(ScoreRows rows, String metric) {
    double[] truth = rows.numbers(ScoreRows.TRUTH);
    double[] predicted = rows.numbers(ScoreRows.PREDICTION);
    double[] weights = rows.weights();
    return switch (metric) {
      case "mse" -> Regression.meanSquaredError(truth, predicted, weights);
      case "rmse" -> Regression.rootMeanSquaredError(truth, predicted, weights);
      case "mae" -> Regression.meanAbsoluteError(truth, predicted, weights);
      case "median_absolute_error" -> Regression.medianAbsoluteError(truth, predicted);
      case "max_error" -> Regression.maximumError(truth, predicted);
      case "r2" -> Regression.r2(truth, predicted, weights);
      case "explained_variance" -> Regression.explainedVariance(truth, predicted, weights);
      case "pearson" -> Regression.pearson(truth, predicted);
      default -> Regression.spearman(truth, predicted);
    };
  }

  private static boolean right(ScoreRows.Row row, String system, List<String> prediction) {
    var correct = List.of("correct_" + system);
    if (row.find(correct).isPresent()) {
      return row.number(correct) != 0;
    }
    return row.label(prediction).equals(row.label(ScoreRows.TRUTH));
  }

  /** The share of rows that are right, and its interval. */
  static Report wilson(ScoreRows rows, Settings settings) {
    var correct = List.of("correct", "success", "match");
    long hits =
        rows.rows().stream()
            .filter(
                row ->
                    row.find(correct).isPresent()
                        ? row.number(correct) != 0
                        : row.label(ScoreRows.PREDICTION).equals(row.label(ScoreRows.TRUTH)))
            .count();
    int all = rows.rows().size();
    var interval = Significance.wilson(hits, all, settings.number("confidence", 0.95));
    return Report.empty()
        .put("score", (double) hits / all)
        .put("successes", hits)
        .put("trials", all)
        .put("low", interval.low())
        .put("high", interval.high());
  }

  static Report mcNemar(ScoreRows rows, Settings settings) {
    int first = 0;
    int second = 0;
    for (var row : rows.rows()) {
      boolean a = right(row, "a", ScoreRows.PREDICTION);
      boolean b = right(row, "b", SECOND);
      first += a && !b ? 1 : 0;
      second += b && !a ? 1 : 0;
    }
    var form =
        settings.as(
            "form",
            "exact",
            name -> {
              try {
                return Significance.McNemar.valueOf(name.toUpperCase(Locale.ROOT));
              } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                    name + " is none of exact, corrected, asymptotic", e);
              }
            });
    var test = Significance.mcNemar(first, second, form);
    return Report.empty()
        .put("first_only", first)
        .put("second_only", second)
        .put("statistic", test.statistic())
        .put("p_value", test.pValue());
  }

  /** Two systems on the same rows, by mean score, accuracy or sacrebleu. */
  static Report bootstrap(ScoreRows rows, Settings settings) {
    var list = rows.rows();
    ToDoubleFunction<int[]> first;
    ToDoubleFunction<int[]> second;
    if (list.getFirst().find(SCORE_A).isPresent()) {
      double[] a = rows.numbers(SCORE_A);
      double[] b = rows.numbers(SCORE_B);
      first = drawn -> TextRows.mean(IntStream.of(drawn).mapToDouble(i -> a[i]).toArray());
      second = drawn -> TextRows.mean(IntStream.of(drawn).mapToDouble(i -> b[i]).toArray());
    } else if (settings.text("of", "accuracy").equals("sacrebleu")) {
      first = drawn -> bleu(list, drawn, ScoreRows.PREDICTION);
      second = drawn -> bleu(list, drawn, SECOND);
    } else if (settings.text("of", "accuracy").equals("accuracy")) {
      first = drawn -> share(list, drawn, "a", ScoreRows.PREDICTION);
      second = drawn -> share(list, drawn, "b", SECOND);
    } else {
      throw new IllegalArgumentException(
          "--of is %s, must be accuracy or sacrebleu".formatted(settings.text("of", "")));
    }
    var result =
        Significance.bootstrap(
            list.size(),
            first,
            second,
            settings.whole("samples", 1000, 1),
            settings.whole("seed", 42, 0),
            settings.number("confidence", 0.95));
    return Report.empty()
        .put("first", result.first())
        .put("second", result.second())
        .put("difference", result.difference())
        .put("low", result.interval().low())
        .put("high", result.interval().high())
        .put("wins", result.wins())
        .put("p_value", result.pValue());
  }

  private static double share(
      List<ScoreRows.Row> rows, int[] drawn, String system, List<String> prediction) {
    return (double) IntStream.of(drawn).filter(i -> right(rows.get(i), system, prediction)).count()
        / drawn.length;
  }

  private static double bleu(List<ScoreRows.Row> rows, int[] drawn, List<String> prediction) {
    return SacreBleu.corpus(
            IntStream.of(drawn).mapToObj(i -> rows.get(i).texts(ScoreRows.TRUTH)).toList(),
            IntStream.of(drawn).mapToObj(i -> rows.get(i).text(prediction)).toList())
        .score();
  }
}
