package dev.galen.examples.clinical.pubmedqa;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.baseline.Baselines;
import dev.galen.examples.clinical.baseline.Baselines.Measured;
import dev.galen.examples.clinical.baseline.CurveSection;
import dev.galen.examples.clinical.report.ClassifierSections;
import dev.galen.examples.clinical.report.ReportWriter;
import dev.galen.train.checkpoint.RunLock;
import dev.galen.train.data.QuestionExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The whole way from PubMedQA's file to a report: data and split, baselines, a classifier from
 * random weights, pretraining, a classifier from it. What a kill interrupted goes on.
 *
 * @param file of the records
 * @param split a split of the user's; null for {@link OfficialSplit#of}
 * @param setting what a model sees
 * @param texts public files to read before, beside the training records
 * @param ways which classifiers are trained
 * @param pretraining how the model reads
 * @param random how classifiers learn from random weights
 * @param tuned how they learn after pretraining
 * @param seed of everything random
 * @param shares of the training records that are learned by themselves as well, each in (0, 1)
 * @param output folder of all results
 * @param command as the user typed it, for the report
 */
public record PubMedQaRun(
    Path file,
    Path split,
    Setting setting,
    List<Path> texts,
    Ways ways,
    Pretraining pretraining,
    FoldTraining random,
    FoldTraining tuned,
    long seed,
    List<Double> shares,
    Path output,
    String command) {
  static final String RANDOM_FOLDER = "from-random";
  static final String PRETRAINING_FOLDER = "pretraining";
  static final String PRETRAINED_FOLDER = "pretrained";

  private static final JsonMapper MAPPER = new JsonMapper();

  /** Which classifiers are trained. */
  public enum Ways {
    /** From random weights. */
    RANDOM,
    /** After pretraining. */
    PRETRAINED,
    /** Both. */
    BOTH
  }

  /** Copies the lists. */
  public PubMedQaRun {
    texts = List.copyOf(texts);
    shares = List.copyOf(shares);
  }

  /** The standard run. */
  public static PubMedQaRun standard(
      Path file, Setting setting, List<Path> texts, long seed, Path output, String command) {
    return new PubMedQaRun(
        file,
        null,
        setting,
        texts,
        Ways.BOTH,
        Pretraining.standard(seed),
        FoldTraining.RANDOM,
        FoldTraining.PRETRAINED,
        seed,
        List.of(),
        output,
        command);
  }

  /** The same with another split, or null. */
  public PubMedQaRun withSplit(Path split) {
    return with(split, ways, pretraining, random, tuned, shares);
  }

  /** The same with other classifiers. */
  public PubMedQaRun with(Ways ways) {
    return with(split, ways, pretraining, random, tuned, shares);
  }

  /** The same with shorter or longer trainings. */
  public PubMedQaRun with(Pretraining pretraining, FoldTraining random, FoldTraining tuned) {
    return with(split, ways, pretraining, random, tuned, shares);
  }

  /** The same with a learning curve over these shares. */
  public PubMedQaRun withCurve(List<Double> shares) {
    return with(split, ways, pretraining, random, tuned, shares);
  }

  private PubMedQaRun with(
      Path split,
      Ways ways,
      Pretraining pretraining,
      FoldTraining random,
      FoldTraining tuned,
      List<Double> shares) {
    return new PubMedQaRun(
        file,
        split,
        setting,
        texts,
        ways,
        pretraining,
        random,
        tuned,
        seed,
        shares,
        output,
        command);
  }

  /**
   * What it came to.
   *
   * @param baselines majority, bag of words untuned and tuned
   * @param models the classifiers, the pretrained one last
   * @param curve the last of these after shares of the training records, all of them last
   * @param cpuMinutes user and system time of this process
   */
  public record Figures(
      List<Measured> baselines,
      List<Measured> models,
      List<CurveSection.Point> curve,
      double cpuMinutes) {}

  /**
   * Runs it, or what is missing in the output, and writes model and report there.
   *
   * @param progress takes a line now and then
   * @throws IOException in one line that names file and field, or an output of another run
   */
  public Figures run(Consumer<String> progress) throws IOException {
    UsableRecords records = UsableRecords.read(file);
    PubMedQa data = records.data();
    OfficialSplit parts = OfficialSplit.of(file, data, split);
    List<QuestionExample> train = parts.train(data);
    List<QuestionExample> test = parts.test(data);
    if (train.isEmpty() || test.isEmpty()) {
      throw new IOException(
          "%s: %d records to learn from and %d to test on; expected some of both"
              .formatted(parts.source(), train.size(), test.size()));
    }
    List<String> read = PublicTexts.of(data, parts, texts);
    Files.createDirectories(output);
    try (RunLock held = RunLock.acquire(output)) {
      held.warning().ifPresent(progress);
      requireSameRun(RunDigest.of(data, parts, read));
      progress.accept(
          "data: PubMedQA, %,d records, %s; split: %s"
              .formatted(data.records().size(), setting.title(), parts.source()));
      records.writeRejects(output);
      records.line(output).ifPresent(progress);
      progress.accept("plan: baselines; " + plan());
      progress.accept("results: " + output + "; after a kill the same command goes on");
      var report = new PubMedQaReport(this, data, parts);
      List<Measured> baselines =
          Baselines.of(
              texts(train),
              PubMedQa.labels(train),
              texts(test),
              PubMedQa.labels(test),
              PubMedQa.DECISIONS.size(),
              seed);
      baselines.forEach(one -> progress.accept("baseline: " + one.line()));
      var models = new ArrayList<Measured>();
      FoldModels.Result last = null;
      Optional<Path> start = Optional.empty();
      if (ways != Ways.PRETRAINED) {
        last =
            new FoldModels(setting, EncoderShape.RANDOM, random, Optional.empty(), seed)
                .run(data, parts, output.resolve(RANDOM_FOLDER), progress);
        models.add(measured("the model from random weights", test, last.test(), progress));
      }
      if (ways != Ways.RANDOM) {
        start = Optional.of(pretraining.run(read, output.resolve(PRETRAINING_FOLDER), progress));
        last =
            new FoldModels(setting, pretraining.shape(), tuned, start, seed)
                .run(data, parts, output.resolve(PRETRAINED_FOLDER), progress);
        models.add(measured("the model after pretraining", test, last.test(), progress));
      }
      var curve = new PubMedQaCurve(this, data, parts).points(start, progress);
      if (!curve.isEmpty()) {
        curve.add(new CurveSection.Point(1, train.size(), baselines.getLast(), models.getLast()));
      }
      var figures = new Figures(baselines, models, curve, cpuMinutes());
      ReportWriter.write(report.of(figures, last), output);
      progress.accept("report: " + output.resolve(ReportWriter.HTML));
      return figures;
    }
  }

  private String plan() {
    String learned = "%d small models, one a fold".formatted(OfficialSplit.FOLDS);
    return switch (ways) {
      case RANDOM -> learned + ", from random weights (about 4 minutes)";
      case PRETRAINED ->
          "pretraining on %s (about 3 minutes); %s (about 4 minutes)"
              .formatted(readFrom(), learned);
      case BOTH ->
          "%s, from random weights (about 4 minutes); pretraining on %s (about 3 minutes); %s again"
                  .formatted(learned, readFrom(), learned)
              + " (about 4 minutes)";
    };
  }

  String readFrom() {
    return texts.isEmpty()
        ? "the training records"
        : "the training records and "
            + String.join(", ", texts.stream().map(Path::toString).toList());
  }

  private List<String> texts(List<QuestionExample> records) {
    return records.stream().map(setting::text).toList();
  }

  private Measured measured(
      String name,
      List<QuestionExample> test,
      double[][] probabilities,
      Consumer<String> progress) {
    var measured =
        Measured.of(
            name,
            PubMedQa.labels(test),
            ClassifierSections.likeliest(probabilities),
            PubMedQa.DECISIONS.size());
    progress.accept("result: " + measured.line());
    return measured;
  }

  /** What must be the same for results in the output to be used again. */
  private void requireSameRun(String digest) throws IOException {
    String settings =
        MAPPER
            .createObjectNode()
            .put("data", digest)
            .put("setting", setting.title())
            .put("pretraining", pretraining.text())
            .put("random", random.toString())
            .put("tuned", tuned.toString())
            .put("seed", seed)
            .toString();
    RunDigest.requireSame(output, settings);
  }

  private static double cpuMinutes() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(cpu -> cpu.toMillis() / 60_000.0)
        .orElse(Double.NaN);
  }

  /** The figures as one line of JSON. */
  public String json(Figures figures) {
    var json = MAPPER.createObjectNode();
    json.put("setting", setting.title()).put("seed", seed);
    json.put("cpuMinutes", Math.round(figures.cpuMinutes() * 10) / 10.0);
    for (Measured one : figures.baselines()) {
      json.putObject(one.name()).put("accuracy", one.accuracy()).put("macroF1", one.macroF1());
    }
    for (Measured one : figures.models()) {
      json.putObject(one.name()).put("accuracy", one.accuracy()).put("macroF1", one.macroF1());
    }
    for (CurveSection.Point point : figures.curve()) {
      json.withArray("curve")
          .addObject()
          .put("share", point.share())
          .put("records", point.size())
          .put("accuracy", point.model().accuracy())
          .put("macroF1", point.model().macroF1())
          .put("bagOfWordsAccuracy", point.bagOfWords().accuracy())
          .put("bagOfWordsMacroF1", point.bagOfWords().macroF1());
    }
    return json.toString();
  }

  /** The settings that a report tells, in words. */
  String words() {
    return String.format(
        Locale.ROOT,
        "Random weights: %s, %s. Pretraining: %s. After it: %s.",
        EncoderShape.RANDOM,
        random,
        pretraining.text(),
        tuned);
  }
}
