package dev.galen.examples.clinical.language;

import dev.galen.examples.clinical.pubmedqa.OfficialSplit;
import dev.galen.examples.clinical.report.Bullets;
import dev.galen.examples.clinical.report.Comparison;
import dev.galen.examples.clinical.report.Paragraph;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.report.RunSections;
import dev.galen.examples.clinical.report.Section;
import dev.galen.examples.clinical.report.Table;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.metrics.Significance;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a {@link LanguageRun} measured on each test text, and its report. */
final class LanguageReport {
  static final String TRIGRAM = "the Kneser-Ney trigram of the training records";
  static final String TRIGRAM_OF_ALL = "the trigram of the public texts, too";
  static final String NGRAM = "the n-gram of the model's own tokens";
  static final String MODEL = "the model alone";
  static final String MIXTURE = "the model mixed with n-gram and cache";
  static final String WITHOUT_MODEL = "n-gram and cache without the model";
  private static final int SAMPLES = 1000;
  private static final double CONFIDENCE = 0.95;

  private final LanguageRun run;
  private final long[] counted;
  private final long characters;
  private final Map<String, double[]> nats = new LinkedHashMap<>();

  /**
   * @param tokenizer that all are told by
   * @param held what is measured
   */
  LanguageReport(LanguageRun run, Tokenizer tokenizer, List<String> held) {
    this.run = run;
    this.counted =
        held.stream().mapToLong(one -> SmallModel.framed(tokenizer, one).length - 1).toArray();
    this.characters = held.stream().mapToLong(one -> one.codePointCount(0, one.length())).sum();
  }

  /** Takes -ln p of each text. */
  void add(String who, double[] ofTexts) {
    nats.put(who, ofTexts);
  }

  /** What all texts together came to. */
  TextLikelihood of(String who) {
    return new TextLikelihood(
        Arrays.stream(nats.get(who)).sum(), Arrays.stream(counted).sum(), characters);
  }

  /** Whether one is better than another, texts drawn anew for the interval. */
  private String compared(String model, String baseline) {
    Significance.Interval interval =
        Significance.bootstrap(
                counted.length,
                drawn -> perplexity(nats.get(baseline), drawn),
                drawn -> perplexity(nats.get(model), drawn),
                SAMPLES,
                run.seed(),
                CONFIDENCE)
            .interval();
    return new Comparison(
            "perplexity a token",
            model,
            baseline,
            of(model).perplexity(),
            of(baseline).perplexity(),
            interval,
            CONFIDENCE,
            true)
        .text();
  }

  private double perplexity(double[] ofTexts, int[] drawn) {
    double sum = 0;
    long tokens = 0;
    for (int i : drawn) {
      sum += ofTexts[i];
      tokens += counted[i];
    }
    return Math.exp(sum / tokens);
  }

  /**
   * The report.
   *
   * @param learned training records that the model learned
   * @param kept those that the weights of the mixture were fitted on
   * @param read public texts
   */
  RunReport report(
      LanguageRun.Figures figures, OfficialSplit split, int learned, int kept, int read)
      throws IOException {
    var report = RunReport.builder("Language modelling on PubMedQA");
    for (String baseline : List.of(TRIGRAM, TRIGRAM_OF_ALL)) {
      if (nats.containsKey(baseline)) {
        report.summary(compared(MODEL, baseline));
        report.summary(compared(MIXTURE, baseline));
      }
    }
    report.summary(compared(MIXTURE, WITHOUT_MODEL));
    double macroF1 = figures.verbalised().macro(Double.NaN).f1();
    report
        .measure("perplexity", figures.model().perplexity())
        .measure("mixturePerplexity", figures.mixture().perplexity())
        .measure("withoutModelPerplexity", figures.withoutModel().perplexity())
        .measure("trigramPerplexity", figures.trigram().perplexity());
    if (figures.trigramOfAll() != null) {
      report.measure("trigramOfAllPerplexity", figures.trigramOfAll().perplexity());
    }
    report
        .measure("bitsPerCharacter", figures.model().bitsPerCharacter())
        .measure("mixtureBitsPerCharacter", figures.mixture().bitsPerCharacter())
        .measure("trigramBitsPerCharacter", figures.trigram().bitsPerCharacter())
        .measure("verbaliserAccuracy", figures.verbalised().accuracy())
        .measure("verbaliserMacroF1", macroF1)
        .section(
            "Data",
            new Paragraph(
                ("The model learned %,d training records and %,d public texts; %,d more training"
                        + " records gave the weights of the mixture. The trigrams learned all of"
                        + " these training records. %,d test records are measured; split: %s.")
                    .formatted(learned, read, kept, counted.length, split.source())))
        .section(figures(figures.weights()))
        .section(
            "As a verbaliser, reasoning-free",
            new Paragraph(
                String.format(
                    Locale.ROOT,
                    "Behind question and long answer the likeliest decision is right with accuracy"
                        + " %.3f, macro-F1 %.3f.",
                    figures.verbalised().accuracy(),
                    macroF1)));
    if (read > 0) {
      report.section(
          new Section(
              "Curve of the public texts",
              RunSections.curves(run.output().resolve(LanguageRun.READING)).blocks()));
    }
    return report
        .section(RunSections.curves(run.output().resolve(LanguageRun.LANGUAGE)))
        .section("Limits", new Bullets("A model of about a million parameters knows little."))
        .section(RunSections.repeat(run.command(), null))
        .build();
  }

  private Section figures(List<Double> weights) {
    var table = Table.of("On the test records", "who", "perplexity a token", "bits a character");
    nats.keySet().forEach(who -> table.row(who, of(who).perplexity(), of(who).bitsPerCharacter()));
    var words = new StringBuilder("The mixture weighs the model %.2f".formatted(weights.get(0)));
    words.append(", the n-gram of the training records %.2f".formatted(weights.get(1)));
    if (weights.size() > 3) {
      words.append(", the n-gram of the public texts, too, %.2f".formatted(weights.get(2)));
    }
    words.append(
        ", and the cache (how often the text had the token before) %.2f"
            .formatted(weights.getLast()));
    return new Section(
        "Figures",
        table.build(),
        new Paragraph(
            "The model's tokens are its own; the likelihood of whole texts is told per token of the"
                + " trigram's tokenizer, so that all can be compared."),
        new Paragraph(words.append(".").toString()));
  }
}
