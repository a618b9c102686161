package dev.galen.examples.clinical.language;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.baseline.KneserNey;
import dev.galen.examples.clinical.pubmedqa.Learning;
import dev.galen.examples.clinical.pubmedqa.OfficialSplit;
import dev.galen.examples.clinical.pubmedqa.PubMedQa;
import dev.galen.examples.clinical.pubmedqa.PublicTexts;
import dev.galen.examples.clinical.pubmedqa.Setting;
import dev.galen.examples.clinical.pubmedqa.UsableRecords;
import dev.galen.examples.clinical.pubmedqa.Verbaliser;
import dev.galen.examples.clinical.report.Bullets;
import dev.galen.examples.clinical.report.ClassifierSections;
import dev.galen.examples.clinical.report.Comparison;
import dev.galen.examples.clinical.report.Paragraph;
import dev.galen.examples.clinical.report.ReportWriter;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.report.RunSections;
import dev.galen.examples.clinical.report.Table;
import dev.galen.model.CausalLm;
import dev.galen.model.ModelConfig;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.BpeTrainer;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.Evaluator;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.ConfusionMatrix;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.metrics.Significance;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;

/**
 * A small GPT-2 that learns the texts of PubMedQA's training records, and public ones, beside a
 * trigram on the same texts; both are measured on the test records. It has a small vocabulary of
 * its own; its likelihood of whole texts is told per token of the trigram's tokenizer.
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
  private static final String LANGUAGE = "language";
  private static final int BATCH = 16;
  private static final int SAMPLES = 1000;
  private static final double CONFIDENCE = 0.95;

  /**
   * How large the model is, and how long it learns.
   *
   * @param vocabulary tokens of its own byte-level BPE
   * @param length of a row
   * @param channels C
   * @param layers L
   * @param heads H
   * @param dropout everywhere
   * @param passes over all texts
   * @param decisionPasses over the training records with their decisions behind, for the verbaliser
   */
  public record Size(
      int vocabulary,
      int length,
      int channels,
      int layers,
      int heads,
      double dropout,
      int passes,
      int decisionPasses) {
    /** About ten minutes of one core on PubMedQA's training records. */
    public static final Size SMALL = new Size(2000, 256, 128, 2, 4, 0.1, 12, 4);
  }

  /**
   * What it came to.
   *
   * @param trigram on the test records
   * @param model on the same
   * @param verbalised accuracy and macro-F1 of the decision that the model finds likeliest behind
   *     question and long answer
   */
  public record Figures(TextLikelihood trigram, TextLikelihood model, ConfusionMatrix verbalised) {}

  /** Copies the list. */
  public LanguageRun {
    texts = List.copyOf(texts);
  }

  /**
   * Runs it; a training that was killed goes on.
   *
   * @param progress takes a line now and then
   */
  public Figures run(Consumer<String> progress) throws IOException {
    PubMedQa data = UsableRecords.read(file).data();
    OfficialSplit split = OfficialSplit.of(file, data, null);
    List<String> read = PublicTexts.of(data, split, texts);
    List<String> held = split.test(data).stream().map(LanguageRun::text).toList();
    progress.accept(
        "data: %,d texts to learn, %,d test records; split: %s"
            .formatted(read.size(), held.size(), split.source()));
    double[] ofTrigram = trigram(read, held);
    long[] counted = held.stream().mapToLong(one -> framed(tokenizer, one).length - 1).toArray();
    long characters = held.stream().mapToLong(one -> one.codePointCount(0, one.length())).sum();
    var trigram = new TextLikelihood(sum(ofTrigram), Arrays.stream(counted).sum(), characters);
    progress.accept("trigram: " + trigram.words());

    Tokenizer own = own(read);
    CausalLm model = model(own);
    learn(model, rows(read, own), size.passes(), output.resolve(LANGUAGE), LANGUAGE, progress);
    double[] ofModel = nats(model, own, held);
    var learned = new TextLikelihood(sum(ofModel), trigram.counted(), characters);
    progress.accept("model: " + learned.words());
    Files.createDirectories(output.resolve("model"));
    Pretrained.save(model, own, output.resolve("model"));

    var verbaliser = new Verbaliser(own, Setting.REASONING_FREE, size.length());
    List<TokenSequence> decided = split.train(data).stream().map(verbaliser::learned).toList();
    Path folder = output.resolve("decisions");
    learn(model, decided, size.decisionPasses(), folder, "decisions", progress);
    int[] said = ClassifierSections.likeliest(verbaliser.probabilities(model, split.test(data)));
    var matrix =
        ConfusionMatrix.of(PubMedQa.labels(split.test(data)), said, PubMedQa.DECISIONS.size());
    var figures = new Figures(trigram, learned, matrix);
    Significance.Interval interval = interval(ofTrigram, ofModel, counted);
    ReportWriter.write(report(figures, interval, split, read.size(), held.size()), output);
    return figures;
  }

  private static String text(QuestionExample record) {
    return record.question() + " " + record.context() + " " + record.answer();
  }

  /** Between two ends of text, the first of which is given. */
  private static int[] framed(Tokenizer tokenizer, String text) {
    int end = tokenizer.endOfTextId().orElseThrow();
    int[] ids = tokenizer.encode(text, SpecialTokens.TEXT);
    var framed = new int[ids.length + 2];
    framed[0] = end;
    System.arraycopy(ids, 0, framed, 1, ids.length);
    framed[framed.length - 1] = end;
    return framed;
  }

  private double[] trigram(List<String> read, List<String> held) {
    var model =
        KneserNey.of(
            read.stream().map(one -> framed(tokenizer, one)).toList(), tokenizer.vocabularySize());
    return held.stream()
        .mapToDouble(
            one -> {
              Perplexity measured = model.score(List.of(framed(tokenizer, one)));
              return measured.loss() * measured.tokens();
            })
        .toArray();
  }

  private Tokenizer own(List<String> read) {
    var corpus =
        BpeTrainer.builder()
            .vocabularySize(size.vocabulary())
            .specialTokens("<|endoftext|>")
            .build()
            .corpus();
    read.forEach(corpus::add);
    return corpus.train();
  }

  private CausalLm model(Tokenizer own) throws IOException {
    int end = own.endOfTextId().orElseThrow();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("model_type", "gpt2");
    fields.put("vocab_size", own.vocabularySize());
    fields.put("n_positions", size.length());
    fields.put("n_embd", size.channels());
    fields.put("n_layer", size.layers());
    fields.put("n_head", size.heads());
    fields.put("resid_pdrop", size.dropout());
    fields.put("embd_pdrop", size.dropout());
    fields.put("attn_pdrop", size.dropout());
    fields.put("bos_token_id", end);
    fields.put("eos_token_id", end);
    Files.createDirectories(output);
    Path file = output.resolve("shape.json");
    AtomicFile.writeString(file, new JsonMapper().writeValueAsString(fields));
    ModelConfig config = Architectures.readNew(file);
    return Architectures.create(
        config,
        CausalLm.class,
        Weights.initialised(Device.best(), new Philox(seed)),
        new Philox(seed + 1));
  }

  /** Each text cut into windows, of which every token but the first is learned once. */
  private List<TokenSequence> rows(List<String> read, Tokenizer own) {
    var rows = new ArrayList<TokenSequence>();
    for (String one : read) {
      rows.addAll(Evaluator.windows(framed(own, one), size.length(), size.length()));
    }
    return rows;
  }

  private void learn(
      CausalLm model,
      List<TokenSequence> rows,
      int passes,
      Path folder,
      String name,
      Consumer<String> progress)
      throws IOException {
    TrainingConfig.Builder config =
        TrainingConfig.builder()
            .epochs(passes)
            .batchSize(BATCH)
            .learningRate(1e-3)
            .schedule(Schedule.COSINE)
            .warmup(0.05)
            .weightDecay(0.1)
            .groupByLength(true)
            .seed(seed);
    Learning.run(model, config, rows, new CausalCollator(0), folder, name, progress);
  }

  private double[] nats(CausalLm model, Tokenizer own, List<String> held) {
    int stride = size.length() / 2;
    return held.stream()
        .mapToDouble(
            one -> {
              var windows = Evaluator.windows(framed(own, one), size.length(), stride);
              Perplexity measured = Evaluator.evaluate(model, windows, BATCH, 0);
              return measured.loss() * measured.tokens();
            })
        .toArray();
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  /** Of the model's perplexity less the trigram's, the texts drawn anew. */
  private Significance.Interval interval(double[] trigram, double[] model, long[] counted) {
    return Significance.bootstrap(
            trigram.length,
            drawn -> perplexity(trigram, counted, drawn),
            drawn -> perplexity(model, counted, drawn),
            SAMPLES,
            seed,
            CONFIDENCE)
        .interval();
  }

  private static double perplexity(double[] nats, long[] counted, int[] drawn) {
    double sum = 0;
    long tokens = 0;
    for (int i : drawn) {
      sum += nats[i];
      tokens += counted[i];
    }
    return Math.exp(sum / tokens);
  }

  private RunReport report(
      Figures figures, Significance.Interval interval, OfficialSplit split, int learned, int tested)
      throws IOException {
    var comparison =
        new Comparison(
            "perplexity a token",
            "the model",
            "the trigram",
            figures.model().perplexity(),
            figures.trigram().perplexity(),
            interval,
            CONFIDENCE,
            true);
    var table = Table.of("On the test records", "who", "perplexity a token", "bits a character");
    table.row(
        "Kneser-Ney trigram", figures.trigram().perplexity(), figures.trigram().bitsPerCharacter());
    table.row("model", figures.model().perplexity(), figures.model().bitsPerCharacter());
    double macroF1 = figures.verbalised().macro(Double.NaN).f1();
    return RunReport.builder("Language modelling on PubMedQA")
        .summary(comparison.text())
        .measure("perplexity", figures.model().perplexity())
        .measure("trigramPerplexity", figures.trigram().perplexity())
        .measure("verbaliserAccuracy", figures.verbalised().accuracy())
        .measure("verbaliserMacroF1", macroF1)
        .section(
            "Data",
            new Paragraph(
                "%,d texts were learned by both, %,d test records are measured; split: %s."
                    .formatted(learned, tested, split.source())))
        .section(
            "Figures",
            table.build(),
            new Paragraph(
                "The model's tokens are its own; the likelihood of whole texts is told per token of"
                    + " the trigram's tokenizer, so that both can be compared."))
        .section(
            "As a verbaliser, reasoning-free",
            new Paragraph(
                "Behind question and long answer the likeliest decision is right with accuracy %.3f, macro-F1 %.3f."
                    .formatted(figures.verbalised().accuracy(), macroF1)))
        .section(RunSections.curves(output.resolve(LANGUAGE)))
        .section("Limits", new Bullets("A model of about a million parameters knows little."))
        .section(RunSections.repeat(command, null))
        .build();
  }
}
