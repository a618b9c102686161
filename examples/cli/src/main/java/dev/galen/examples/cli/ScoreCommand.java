package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.metrics.Bleu;
import dev.galen.train.metrics.Rouge;
import dev.galen.train.metrics.RougeScores;
import dev.galen.train.metrics.SacreBleu;
import dev.galen.train.metrics.Smoothing;
import dev.galen.train.score.Report;
import dev.galen.train.score.RowMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code galen score}. */
@Command(
    name = "score",
    description = {
      "Compare a text with the one it should be: BLEU and ROUGE.",
      "Two files of equal length are compared line by line, and as a corpus.",
      "With --metric and --data the rows of a JSON-lines file are scored by any of the metrics"
          + " below; a row has prediction and reference(s) (texts), label and prediction (classes,"
          + " numbers, lists of tags), label and score(s) (ranking, probabilities), logprobs"
          + " (perplexity), prediction_b (two systems), and may have weight; the names of the"
          + " references, such as y_true and y_pred, do as well, and so does one object of whole"
          + " columns."
    })
final class ScoreCommand implements Callable<Integer> {
  private static final double[] WEIGHTS = Bleu.uniformWeights(4);

  /** One word with a file's ending or a folder in it: a file's name rather than a text. */
  private static final Pattern FILE_NAME = Pattern.compile("\\S+\\.[A-Za-z]{2,5}|\\S*/\\S*");

  @Mixin private CommonOptions common;

  @Option(names = "--reference", paramLabel = "TEXT|FILE", description = "What it should be.")
  private String reference;

  @Option(names = "--hypothesis", paramLabel = "TEXT|FILE", description = "What it is.")
  private String hypothesis;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description = "Score the rows of --data by this metric, see the list below.")
  private String metric;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "JSON lines, an object for each row, or Parquet, Arrow, or a folder of datasets.")
  private Path data;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description =
          "Write the metric's picture, an SVG: roc_auc, roc_curve, precision_recall_curve, ece.")
  private Path plot;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Map<String, String> options = ScoreOptions.given(spec);
    if (metric != null || data != null) {
      return scoreRows(options);
    }
    if (reference == null || hypothesis == null) {
      throw new ParameterException(
          spec.commandLine(),
          "score needs --reference and --hypothesis, or --metric NAME and --data FILE");
    }
    if (!options.isEmpty() || plot != null) {
      throw new IllegalArgumentException(
          "--%s goes with --metric NAME --data FILE"
              .formatted(options.isEmpty() ? "plot" : options.keySet().iterator().next()));
    }
    List<String> targets = lines("--reference", reference);
    List<String> texts = lines("--hypothesis", hypothesis);
    if (targets.size() != texts.size()) {
      throw new IllegalArgumentException(
          "--reference %s has %d lines, --hypothesis %s has %d; each line is compared with its own"
              .formatted(quoted(reference), targets.size(), quoted(hypothesis), texts.size()));
    }
    List<List<List<String>>> references = new ArrayList<>();
    List<List<String>> hypotheses = new ArrayList<>();
    double sentences = 0;
    var rouge = new double[3];
    int pairs = texts.size();
    for (int i = 0; i < pairs; i++) {
      references.add(List.of(Bleu.words(targets.get(i))));
      hypotheses.add(Bleu.words(texts.get(i)));
      sentences +=
          Bleu.sentence(references.get(i), hypotheses.get(i), WEIGHTS, Smoothing.METHOD_1) / pairs;
      RougeScores scores = Rouge.score(targets.get(i), texts.get(i), true);
      rouge[0] += scores.rouge1().fmeasure() / pairs;
      rouge[1] += scores.rouge2().fmeasure() / pairs;
      rouge[2] += scores.rougeL().fmeasure() / pairs;
    }
    double bleu = Bleu.corpus(references, hypotheses, WEIGHTS, Smoothing.METHOD_0);
    double sacreBleu =
        pairs == 1
            ? SacreBleu.sentence(targets, texts.getFirst()).score()
            : SacreBleu.corpus(targets.stream().map(List::of).toList(), texts).score();
    ObjectNode json =
        CommonOptions.object()
            .put("pairs", pairs)
            .put("bleu", bleu)
            .put("sentenceBleu", sentences)
            .put("sacreBleu", sacreBleu)
            .put("rouge1", rouge[0])
            .put("rouge2", rouge[1])
            .put("rougeL", rouge[2]);
    common.say("pairs      %,d", pairs);
    common.say(
        "BLEU       %.4f, mean of the pairs, smoothed, %.4f (0 to 1, as nltk)", bleu, sentences);
    common.say("sacreBLEU  %.2f (0 to 100)", sacreBleu);
    common.say("ROUGE-1    %.4f (F, stemmed, as rouge_score)", rouge[0]);
    common.say("ROUGE-2    %.4f", rouge[1]);
    common.say("ROUGE-L    %.4f", rouge[2]);
    common.print(json);
    return 0;
  }

  private int scoreRows(Map<String, String> options) throws IOException {
    if (metric == null || data == null || reference != null || hypothesis != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--metric NAME and --data FILE go together, without --reference and --hypothesis");
    }
    Report report = RowMetrics.score(metric, data, options);
    if (plot != null) {
      String svg =
          report
              .picture()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "--plot: the metric %s has no picture".formatted(metric)));
      Files.writeString(plot, svg);
    }
    report
        .json()
        .properties()
        .forEach(figure -> common.say("%s %s", figure.getKey(), figure.getValue()));
    common.print(report.json());
    return 0;
  }

  /** The lines of a file, or the text itself. */
  private static List<String> lines(String option, String value) throws IOException {
    Path file = file(value);
    if (file == null) {
      return List.of(value);
    }
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
    List<String> lines = List.of(text.replaceFirst("\r?\n\\z", "").split("\r?\n", -1));
    if (text.isEmpty()) {
      throw new IOException("%s: is empty; %s needs a text".formatted(file, option));
    }
    return lines;
  }

  /** The file that {@code value} names, or null where it is a text. */
  private static Path file(String value) {
    try {
      Path path = Path.of(value);
      boolean there = !value.isBlank() && Files.exists(path);
      return there || FILE_NAME.matcher(value).matches() ? path : null;
    } catch (InvalidPathException e) {
      return null; // no file can have this name
    }
  }

  private static String quoted(String value) {
    return ErrorText.quote(value);
  }
}
