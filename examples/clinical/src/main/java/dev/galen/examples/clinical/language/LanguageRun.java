package dev.galen.examples.clinical.language;

import dev.galen.examples.clinical.baseline.KneserNey;
import dev.galen.examples.clinical.pubmedqa.OfficialSplit;
import dev.galen.examples.clinical.pubmedqa.PubMedQa;
import dev.galen.examples.clinical.pubmedqa.PublicTexts;
import dev.galen.examples.clinical.pubmedqa.RunDigest;
import dev.galen.examples.clinical.pubmedqa.Setting;
import dev.galen.examples.clinical.pubmedqa.UsableRecords;
import dev.galen.examples.clinical.pubmedqa.Verbaliser;
import dev.galen.examples.clinical.report.ClassifierSections;
import dev.galen.examples.clinical.report.ReportWriter;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.ConfusionMatrix;
import dev.galen.train.metrics.Perplexity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A small language model that learns the texts of PubMedQA's training records, after public ones if
 * there are any, beside a Kneser-Ney trigram of the same texts; both are measured on the test
 * records. The model is measured alone, and mixed with an n-gram of its own tokens and a cache, how
 * often the text had each token before. It has a small vocabulary of its own; its likelihood of
 * whole texts is told per token of the trigram's tokenizer.
 *
 * @param file of PubMedQA's records
 * @param texts public files, beside the training records
 * @param tokenizer whose tokens the trigram counts and the figures are told by, such as GPT-2's
 * @param size of the model
 * @param seed of everything random
 * @param output folder of model and report
 * @param command as the user typed it, for the report
 */
public record LanguageRun(
    Path file,
    List<Path> texts,
    Tokenizer tokenizer,
    Size size,
    long seed,
    Path output,
    String command) {
  static final String READING = "reading";
  static final String LANGUAGE = "language";
  private static final String DECISIONS = "decisions";
  private static final double READING_RATE = 4e-3;
  private static final double RATE = 4e-3;
  private static final double RATE_AFTER_READING = 2e-3;
  private static final double DECISION_RATE = 1e-3;

  /** Tokens of a run that the n-gram counts: the model's tokens are short. */
  private static final int ORDER = 5;

  /** Every tenth training record is kept from the model, for the weights of the mixture. */
  private static final int KEPT = 10;

  /**
   * How large the model is, and how long it learns.
   *
   * @param vocabulary tokens of its own byte-level BPE
   * @param length of a row
   * @param channels C
   * @param layers L
   * @param heads H
   * @param dropout of attention
   * @param batch rows an update
   * @param readingPasses over the public texts, before
   * @param passes over the training records
   * @param decisionPasses over the training records with their decisions behind, for the verbaliser
   */
  public record Size(
      int vocabulary,
      int length,
      int channels,
      int layers,
      int heads,
      double dropout,
      int batch,
      int readingPasses,
      int passes,
      int decisionPasses) {
    /** Chosen on training records held out; see bench/results/clinical.jsonl. */
    public static final Size SMALL = new Size(2000, 256, 128, 3, 4, 0.1, 8, 1, 5, 4);
  }

  /**
   * What it came to, on the test records.
   *
   * @param trigram of the training records
   * @param trigramOfAll of training records and public texts together; null without public texts
   * @param model alone
   * @param mixture of the model with n-gram and cache
   * @param withoutModel n-gram and cache mixed by themselves
   * @param weights of the mixture: of the model, of the n-gram of the records, of that of all texts
   *     if there is one, of the cache
   * @param verbalised accuracy and macro-F1 of the decision that the model finds likeliest behind
   *     question and long answer
   */
  public record Figures(
      TextLikelihood trigram,
      TextLikelihood trigramOfAll,
      TextLikelihood model,
      TextLikelihood mixture,
      TextLikelihood withoutModel,
      List<Double> weights,
      ConfusionMatrix verbalised) {}

  /** Copies the list. */
  public LanguageRun {
    texts = List.copyOf(texts);
  }

  /**
   * Runs it; a training that was killed goes on.
   *
   * @param progress takes a line now and then
   * @throws IOException in one line that names the file, or an output of another run
   */
  public Figures run(Consumer<String> progress) throws IOException {
    UsableRecords usable = UsableRecords.read(file);
    PubMedQa data = usable.data();
    OfficialSplit split = OfficialSplit.of(file, data, null);
    List<String> records = texts(split.train(data));
    List<String> held = texts(split.test(data));
    List<String> read = PublicTexts.ofFiles(data, split, texts);
    progress.accept(
        "data: %,d training records and %,d public texts to learn, %,d test records; split: %s"
            .formatted(records.size(), read.size(), held.size(), split.source()));
    if (records.size() < 2 || held.isEmpty()) {
      throw new IOException(
          "%s: %d records to learn from and %d to test on; expected two or more and one or more"
              .formatted(split.source(), records.size(), held.size()));
    }
    Files.createDirectories(output);
    RunDigest.requireSame(
        output, "%s, seed %d, %s".formatted(size, seed, RunDigest.of(data, split, read)));
    usable.writeRejects(output);
    usable.line(output).ifPresent(progress);
    var measured = new LanguageReport(this, tokenizer, held);
    measured.add(LanguageReport.TRIGRAM, trigram(records, held));
    progress.accept("trigram: " + measured.of(LanguageReport.TRIGRAM).words());
    if (!read.isEmpty()) {
      measured.add(LanguageReport.TRIGRAM_OF_ALL, trigram(joined(records, read), held));
      progress.accept(
          "trigram of the public texts, too: "
              + measured.of(LanguageReport.TRIGRAM_OF_ALL).words());
    }
    List<String> learned = everyTenth(records, false);
    List<String> kept = everyTenth(records, true);
    SmallModel own = SmallModel.initialised(learned, size, seed, output);
    if (!read.isEmpty()) {
      own.read(
          joined(read, learned),
          READING_RATE,
          size.readingPasses(),
          output.resolve(READING),
          progress);
    }
    own.read(
        learned,
        read.isEmpty() ? RATE : RATE_AFTER_READING,
        size.passes(),
        output.resolve(LANGUAGE),
        progress);
    List<double[][]> fitted = probabilities(own, learned, read, kept);
    List<double[][]> tested = probabilities(own, records, read, held);
    Mixture mixture = Mixture.fit(fitted);
    measured.add(
        LanguageReport.MODEL, tested.stream().mapToDouble(one -> Mixture.nats(one, 0)).toArray());
    measured.add(
        LanguageReport.NGRAM, tested.stream().mapToDouble(one -> Mixture.nats(one, 1)).toArray());
    measured.add(LanguageReport.MIXTURE, tested.stream().mapToDouble(mixture::nats).toArray());
    Mixture without = Mixture.fit(withoutModel(fitted));
    measured.add(
        LanguageReport.WITHOUT_MODEL,
        withoutModel(tested).stream().mapToDouble(without::nats).toArray());
    progress.accept("model: " + measured.of(LanguageReport.MODEL).words());
    progress.accept("mixture: " + measured.of(LanguageReport.MIXTURE).words());
    Path saved = output.resolve("model");
    Files.createDirectories(saved);
    Pretrained.save(own.model(), own.tokenizer(), saved);

    var figures =
        new Figures(
            measured.of(LanguageReport.TRIGRAM),
            read.isEmpty() ? null : measured.of(LanguageReport.TRIGRAM_OF_ALL),
            measured.of(LanguageReport.MODEL),
            measured.of(LanguageReport.MIXTURE),
            measured.of(LanguageReport.WITHOUT_MODEL),
            Arrays.stream(mixture.weights()).boxed().toList(),
            verbalised(own, split.train(data), split.test(data), progress));
    ReportWriter.write(
        measured.report(figures, split, records.size() - kept.size(), kept.size(), read.size()),
        output);
    return figures;
  }

  private static List<String> texts(List<QuestionExample> records) {
    return records.stream()
        .map(one -> one.question() + " " + one.context() + " " + one.answer())
        .toList();
  }

  private static List<String> joined(List<String> some, List<String> others) {
    var all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  /** The last of every ten, of fewer the last, or all others. */
  private static List<String> everyTenth(List<String> records, boolean kept) {
    int step = Math.min(KEPT, records.size());
    return IntStream.range(0, records.size())
        .filter(i -> i % step == step - 1 == kept)
        .mapToObj(records::get)
        .toList();
  }

  /** -ln p of each text. */
  private double[] trigram(List<String> learned, List<String> held) {
    var model =
        KneserNey.of(
            learned.stream().map(one -> SmallModel.framed(tokenizer, one)).toList(),
            tokenizer.vocabularySize());
    return held.stream()
        .mapToDouble(
            one -> {
              Perplexity measured = model.score(List.of(SmallModel.framed(tokenizer, one)));
              return measured.loss() * measured.tokens();
            })
        .toArray();
  }

  /**
   * What each of the mixture's models gives to each token: the small model, the n-gram of records,
   * that of records and public texts if there are any, and the cache.
   */
  private List<double[][]> probabilities(
      SmallModel own, List<String> records, List<String> read, List<String> asked) {
    var grams = new ArrayList<KneserNey>();
    int vocabulary = own.tokenizer().vocabularySize();
    grams.add(KneserNey.of(own.framed(records), vocabulary, ORDER));
    if (!read.isEmpty()) {
      grams.add(KneserNey.of(own.framed(joined(records, read)), vocabulary, ORDER));
    }
    var all = new ArrayList<double[][]>();
    for (int[] text : own.framed(asked)) {
      double[] ofModel = TokenProbabilities.of(own.model(), text, size.length());
      int cache = 1 + grams.size();
      var before = new int[vocabulary];
      var p = new double[ofModel.length][cache + 1];
      for (int t = 0; t < p.length; t++) {
        p[t][0] = ofModel[t];
        for (int k = 0; k < grams.size(); k++) {
          p[t][1 + k] = grams.get(k).probability(text, t + 1);
        }
        p[t][cache] = before[text[t + 1]] / Math.max(1.0, t);
        before[text[t + 1]]++;
      }
      all.add(p);
    }
    return all;
  }

  private static List<double[][]> withoutModel(List<double[][]> texts) {
    return texts.stream()
        .map(
            text ->
                Arrays.stream(text)
                    .map(p -> Arrays.copyOfRange(p, 1, p.length))
                    .toArray(double[][]::new))
        .toList();
  }

  private ConfusionMatrix verbalised(
      SmallModel own,
      List<QuestionExample> train,
      List<QuestionExample> test,
      Consumer<String> progress)
      throws IOException {
    var verbaliser = new Verbaliser(own.tokenizer(), Setting.REASONING_FREE, size.length());
    List<TokenSequence> decided = train.stream().map(verbaliser::learned).toList();
    own.learn(decided, DECISION_RATE, size.decisionPasses(), output.resolve(DECISIONS), progress);
    int[] said = ClassifierSections.likeliest(verbaliser.probabilities(own.model(), test));
    return ConfusionMatrix.of(PubMedQa.labels(test), said, PubMedQa.DECISIONS.size());
  }
}
