package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.gpt2.Gpt2LanguageModel;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.AnswerEvaluator;
import dev.galen.train.AnswerScores;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.checkpoint.Checkpoints;
import dev.galen.train.data.Example;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.TextExample;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The main job: data in, a model trained, measured, talking and saved. */
final class TrainingJob {
  private static final String LOG = "log.jsonl";
  private static final int LINES = 20;
  private static final int ANSWERED = 20;
  private static final int ANSWER_TOKENS = 64;
  private static final int SAMPLES = 3;
  private static final int SAMPLE_TOKENS = 48;
  private static final int START_TOKENS = 16;

  private final String command;
  private final CommonOptions common;
  private final TrainingOptions options;
  private final long start = System.nanoTime();

  TrainingJob(String command, CommonOptions common, TrainingOptions options) {
    this.command = command;
    this.common = common;
    this.options = options;
  }

  void run() throws IOException {
    options.check();
    TrainingConfig config = options.config(defaults());
    int length = Lengths.require(options.length, ModelSetup.shape(options).contextLength());
    requireFreshOutput();
    TrainingData all = TrainingData.read(options.data, options.valid, options.seed);
    common.say("data       %s", all.source());
    ModelSetup setup = ModelSetup.of(options, all);
    Gpt2LanguageModel model = setup.model();
    common.say(
        "model      %s, %,d parameters, on %s",
        setup.source(), model.parameterCount(), model.backend().name());

    SequenceEncoder encoder = encoder(setup, length);
    TrainingData data = all.fitting(encoder);
    tellLeftOut(all.train().size() - data.train().size(), "training", length);
    tellLeftOut(all.validation().size() - data.validation().size(), "validation", length);
    // From random weights there is a language to learn first; a pretrained model learns to answer.
    SequenceEncoder learning = options.model == null ? encoder.withLearnedPrompts() : encoder;
    List<TokenSequence> train = learned(learning.withPacking().encode(data.train()));
    List<TokenSequence> validation = encoder.encode(data.validation());
    createOutput();
    try (var trainer = new Trainer(model, config, train, validation, encoder.paddingId())) {
      if (options.resume && trainer.resume()) {
        common.say("resumed    after step %d", trainer.step());
      }
      common.say(
          "training   %d sequences, %d updates, into %s",
          train.size(), trainer.totalSteps(), options.out);
      Perplexity before;
      Perplexity after;
      TrainingLog log = openLog(trainer);
      try (log;
          var bar = new ProgressBar(Terminals.isStandardError(), linesEvery(trainer))) {
        trainer.listen(log).listen(bar);
        before = validation.isEmpty() ? null : measureBefore(trainer, log);
        trainer.fit();
        after = validation.isEmpty() ? null : trainer.evaluate();
        if (options.saveEvery > 0 && trainer.step() % options.saveEvery != 0) {
          trainer.save();
        }
      }
      Pretrained.save(model, setup.tokenizer().orElse(null), options.out);
      AtomicFile.writeString(
          options.out.resolve("loss.svg"), LossCurve.svg(log.training(), log.validation()));

      AnswerScores scores = answer(setup, encoder, data.validation());
      List<RunReport.Sample> samples = samples(setup, encoder, data);
      var report =
          new RunReport(
              commandLine(),
              setup.source(),
              model.parameterCount(),
              data.source(),
              train.size(),
              train.stream().filter(TokenSequence::shortened).count(),
              length,
              model.config().residualDropout(),
              config,
              before,
              after,
              scores,
              samples,
              log.tokensPerSecond(),
              Duration.ofNanos(System.nanoTime() - start),
              model.backend());
      AtomicFile.writeString(options.out.resolve("report.md"), report.markdown());
      tell(report);
    }
  }

  private void tellLeftOut(int questions, String part, int length) {
    if (questions > 0) {
      common.say("left out   %d %s questions of %d tokens or more", questions, part, length);
    }
  }

  /** What there is to learn from: a batch in which no label counts would end the run. */
  private List<TokenSequence> learned(List<TokenSequence> sequences) {
    List<TokenSequence> learned = sequences.stream().filter(s -> s.tokens() > 0).toList();
    if (learned.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing to learn in %d sequences: none has a second token whose label is not -100"
              .formatted(sequences.size()));
    }
    if (learned.size() < sequences.size()) {
      common.say("left out   %d sequences without a label", sequences.size() - learned.size());
    }
    return learned;
  }

  private TrainingLog openLog(Trainer trainer) throws IOException {
    long every = options.logEvery == null ? 1 : options.logEvery;
    return new TrainingLog(options.out.resolve(LOG), trainer.step(), common, every);
  }

  private long linesEvery(Trainer trainer) {
    return options.logEvery == null ? Math.max(1, trainer.totalSteps() / LINES) : options.logEvery;
  }

  /** A resumed run was measured before its first update, when it began. */
  private static Perplexity measureBefore(Trainer trainer, TrainingLog log) throws IOException {
    return log.before().isPresent() ? log.before().get() : trainer.evaluate();
  }

  private TrainingConfig.Builder defaults() {
    var defaults = TrainingConfig.builder();
    if (options.model == null) {
      defaults.learningRate(1e-3);
    }
    if (options.model == null && options.data.isEmpty()) {
      // The demonstration: what a laptop does in well under three minutes.
      defaults
          .steps(500)
          .batchSize(8)
          .learningRate(2e-3)
          .schedule(Schedule.Kind.COSINE)
          .warmup(20)
          .weightDecay(0.1);
    }
    return defaults;
  }

  /** A run never mixes with the checkpoints of another one. */
  private void requireFreshOutput() throws IOException {
    if (Files.exists(options.out) && !Files.isDirectory(options.out)) {
      throw new IOException(options.out + ": is a file, --out names a directory");
    }
    var newest = new Checkpoints(options.out).newest();
    if (newest.isPresent() && !options.resume) {
      throw new IOException(
          newest.get() + ": stands there from an earlier run; add --resume, or another --out");
    }
    if (options.resume && newest.isEmpty()) {
      throw new IOException(options.out + ": holds no checkpoint to resume from");
    }
    boolean model =
        Stream.of("config.json", "model.safetensors", "model.safetensors.index.json")
            .anyMatch(name -> Files.exists(options.out.resolve(name)));
    if (model && !Files.exists(options.out.resolve(LOG))) {
      throw new IOException(
          options.out + ": holds a model that no training run left there; choose another --out");
    }
  }

  private void createOutput() throws IOException {
    try {
      Files.createDirectories(options.out);
    } catch (IOException e) {
      throw new IOException(options.out + ": no directory can be made there", e);
    }
  }

  private static SequenceEncoder encoder(ModelSetup setup, int length) {
    int vocabulary = setup.model().vocabularySize();
    return setup
        .tokenizer()
        .map(tokenizer -> SequenceEncoder.of(tokenizer, vocabulary, length))
        .orElseGet(() -> SequenceEncoder.ofTokens(vocabulary, length));
  }

  private static GenerationConfig greedy(Tokenizer tokenizer, int tokens) {
    return GenerationConfig.builder()
        .maxNewTokens(tokens)
        .endOfTextId(tokenizer.endOfTextId().orElse(-1))
        .build();
  }

  private static AnswerScores answer(
      ModelSetup setup, SequenceEncoder encoder, List<? extends Example> validation) {
    List<QuestionExample> questions =
        validation.stream()
            .filter(QuestionExample.class::isInstance)
            .map(QuestionExample.class::cast)
            .limit(ANSWERED)
            .toList();
    if (questions.isEmpty() || setup.tokenizer().isEmpty()) {
      return null;
    }
    Tokenizer tokenizer = setup.tokenizer().get();
    return new AnswerEvaluator(setup.model(), tokenizer, encoder, greedy(tokenizer, ANSWER_TOKENS))
        .evaluate(questions);
  }

  private static List<RunReport.Sample> samples(
      ModelSetup setup, SequenceEncoder encoder, TrainingData data) {
    List<RunReport.Sample> samples = new ArrayList<>();
    if (setup.tokenizer().isEmpty()) {
      return samples;
    }
    Tokenizer tokenizer = setup.tokenizer().get();
    List<? extends Example> from = data.validation().isEmpty() ? data.train() : data.validation();
    for (Example example : from.subList(0, Math.min(SAMPLES, from.size()))) {
      int[] ids;
      if (example instanceof QuestionExample question) {
        ids = encoder.prompt(question, SAMPLE_TOKENS);
      } else if (example instanceof TextExample text) {
        int[] whole = tokenizer.encode(text.text(), SpecialTokens.TEXT);
        ids = Arrays.copyOf(whole, Math.min(whole.length, START_TOKENS));
      } else {
        continue;
      }
      if (ids.length == 0) {
        continue;
      }
      int[] all =
          new Generator(setup.model()).generate(ids, greedy(tokenizer, SAMPLE_TOKENS), id -> {});
      int end = tokenizer.endOfTextId().orElse(-1);
      int known = tokenizer.vocabularySize(); // the embedding may have rows to spare
      int[] made =
          Arrays.stream(all).skip(ids.length).filter(id -> id != end && id < known).toArray();
      samples.add(new RunReport.Sample(tokenizer.decode(ids), tokenizer.decode(made)));
    }
    return samples;
  }

  private void tell(RunReport report) {
    ObjectNode json = CommonOptions.object().put("out", options.out.toString());
    if (report.after() != null) {
      json.put("perplexityBefore", report.before().perplexity())
          .put("perplexityAfter", report.after().perplexity());
      common.say(
          "validation perplexity %s before, %s after",
          String.format(Locale.ROOT, "%.3f", report.before().perplexity()),
          String.format(Locale.ROOT, "%.3f", report.after().perplexity()));
    }
    if (report.scores() != null) {
      json.put("bleu", report.scores().bleu())
          .put("rouge1", report.scores().rouge1())
          .put("rouge2", report.scores().rouge2())
          .put("rougeL", report.scores().rougeL());
      common.say(Figures.of(report.scores()));
    }
    var samples = json.putArray("samples");
    for (RunReport.Sample sample : report.samples()) {
      samples.addObject().put("prompt", sample.prompt()).put("continuation", sample.continuation());
      common.say("");
      common.say("> %s", sample.prompt().replace("\n", "\n> "));
      common.say("%s", sample.continuation().strip());
    }
    common.say("");
    common.say(
        "saved      %s: the model, its tokenizer, log.jsonl, loss.svg, report.md", options.out);
    common.say("time       %s", Figures.time(report.time().toMillis() / 1e3));
    common.print(json);
  }

  /** The command with every option that was set, so that the report can be repeated. */
  private String commandLine() {
    var words = new ArrayList<String>(List.of("./galen", command));
    add(words, "--model", options.model);
    add(words, "--config", options.newModel.config);
    add(words, "--preset", options.newModel.preset);
    add(words, "--tokenizer", options.tokenizer);
    if (!options.data.isEmpty()) {
      words.add("--data");
      options.data.forEach(path -> words.add(quoted(path.toString())));
    }
    add(words, "--valid", options.valid);
    add(words, "--out", options.out);
    add(words, "--epochs", options.duration.epochs);
    add(words, "--steps", options.duration.steps);
    add(words, "--batch", options.batch);
    add(words, "--accumulate", options.accumulate);
    add(words, "--length", options.length);
    add(words, "--learning-rate", options.learningRate);
    add(words, "--schedule", options.schedule);
    add(words, "--warmup", options.warmup);
    add(words, "--weight-decay", options.weightDecay);
    add(words, "--clip", options.clip);
    add(words, "--precision", options.precision);
    add(words, "--device", options.device.name());
    add(words, "--dropout", options.dropout);
    add(words, "--seed", options.seed);
    if (options.noShuffle) {
      words.add("--no-shuffle");
    }
    return String.join(" ", words);
  }

  private static void add(List<String> words, String name, Object value) {
    if (value != null) {
      words.add(name);
      words.add(quoted(value.toString()));
    }
  }

  private static String quoted(String word) {
    return word.matches("[\\w./:=@+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
