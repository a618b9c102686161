package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.CausalLm;
import dev.galen.model.MaskedLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.AnswerEvaluator;
import dev.galen.train.AnswerScores;
import dev.galen.train.Evaluator;
import dev.galen.train.MemoryPlan;
import dev.galen.train.NonFiniteException;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.EncodedEncoder;
import dev.galen.train.data.Examples;
import dev.galen.train.data.Origin;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.SequenceEncoding;
import dev.galen.train.data.TextExample;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.format.DataFiles;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.run.RunChecks;
import dev.galen.train.task.CausalTask;
import dev.galen.train.task.PreferenceTask;
import dev.galen.train.task.Task;
import dev.galen.train.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen evaluate}. */
@Command(
    name = "evaluate",
    description = {
      "Measure a model: mean loss per token, perplexity, tokens. Long texts are read in overlapping"
          + " windows; of questions the answers count. Data come from --data, or --text is the"
          + " one text.",
      "With --generate, answers to the questions are scored by BLEU and ROUGE as well."
    })
final class EvaluateCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Mixin private ModelOptions model;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "PubMedQA JSON, JSON lines, CSV, TSV, Parquet, Arrow, text, or a folder of datasets.")
  private List<Path> data = new ArrayList<>();

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "The text itself, instead of a file: to the letter, with no line's end added.")
  private String text;

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Longest sequence in tokens (default: the model's context).")
  private Integer length;

  @Option(
      names = "--stride",
      paramLabel = "N",
      description = "Tokens between the windows of a long text (default: half the length).")
  private Integer stride;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "4",
      description = "Sequences at a time (default ${DEFAULT-VALUE}).")
  private int batch;

  @Option(names = "--generate", description = "Answer the questions and score the answers.")
  private boolean generate;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Longest answer in tokens (default: what the longest reference takes).")
  private Integer maxNewTokens;

  @Option(
      names = "--task",
      paramLabel = "NAME",
      description =
          "What the model is for (default: as its config.json says): language-model;"
              + " classification, of rows with a text and a label; masked-lm, tagging or seq2seq,"
              + " of rows with input_ids and labels.")
  private String task;

  @Option(
      names = "--pseudo-perplexity",
      description =
          "Of a masked language model: mask each token of the texts in turn, and say how well the"
              + " model guesses it; --batch is then how many masked copies at a time.")
  private boolean pseudoPerplexity;

  @Override
  public Integer call() throws IOException {
    Task<?> named = task == null ? model.task() : Tasks.named(task);
    if (named instanceof PreferenceTask) {
      throw new IllegalArgumentException(
          "--task preference is measured against the model that a run began with: give train the"
              + " rows as --valid");
    }
    if (pseudoPerplexity) {
      return guess(named);
    }
    if (!(named instanceof CausalTask)) {
      return measure(named);
    }
    if (data.isEmpty() == (text == null)) {
      throw new IllegalArgumentException(
          text == null
              ? "evaluate needs --data FILE or --text TEXT"
              : "--text is the whole data; leave out --data, or put the text into a file");
    }
    int longest = RunChecks.length(length, model.config(), model.name(), "--length");
    int step = stride == null ? longest / 2 : stride;
    requireRange("--stride", step, longest);
    requireRange("--batch", batch, Integer.MAX_VALUE);
    if (maxNewTokens != null) {
      requireRange("--max-new-tokens", maxNewTokens, longest - 1);
    }
    Examples examples =
        text == null
            ? DataFiles.examples(data)
            : Examples.of(List.of(new TextExample(text, new Origin("--text", 0))));
    model.requireTokenizer(examples);
    var loaded = model.load();
    CausalLm network = loaded.network();
    Optional<Tokenizer> tokenizer = loaded.tokenizer();
    SequenceEncoder bare =
        tokenizer.isPresent()
            ? SequenceEncoder.of(tokenizer.get(), network.vocabularySize(), longest)
                .withTemplatesOf(model.templates())
            : SequenceEncoder.ofTokens(network.vocabularySize(), longest);
    SequenceEncoder encoder = bare.withRowsUpTo(EncodedEncoder.rowLength(model.config(), longest));
    SequenceEncoding encoding = encoder.encoding();
    List<QuestionExample> questions = new ArrayList<>();
    examples.forEach(
        example -> {
          if (example instanceof TextExample whole && tokenizer.isPresent()) {
            int[] ids = tokenizer.get().encodeWithSpecialTokens(whole.text(), SpecialTokens.TEXT);
            Evaluator.windows(ids, longest, step, encoding::add);
          } else {
            encoding.add(example);
          }
          if (generate && example instanceof QuestionExample question) {
            questions.add(question);
          }
        });
    TokenSequences sequences = encoding.finish();
    if (generate && (questions.isEmpty() || tokenizer.isEmpty())) {
      throw new IllegalArgumentException(
          "--generate needs questions in --data and a tokenizer; found %d questions and %s"
              .formatted(questions.size(), tokenizer.isPresent() ? "one" : "no tokenizer"));
    }
    var collator = new CausalCollator(encoder.paddingId());
    if (sequences.withLabels(collator).isEmpty()) {
      throw new IllegalArgumentException(
          source()
              + ": 0 tokens were scored; a text needs two tokens or more, and labels not all -100");
    }
    MemoryPlan.ofEvaluation(network, MixedPrecision.F32, collator, sequences, batch).require();
    Perplexity perplexity = measure(loaded, sequences, encoder.paddingId());
    ObjectNode json =
        CommonOptions.object()
            .put("loss", perplexity.loss())
            .put("perplexity", perplexity.perplexity())
            .put("tokens", perplexity.tokens());
    common.say(
        "loss %.4f  perplexity %.3f  tokens %,d",
        perplexity.loss(), perplexity.perplexity(), perplexity.tokens());
    if (generate) {
      int answer = maxNewTokens == null ? AnswerEvaluator.room(encoder, questions) : maxNewTokens;
      var config = GenerationConfig.greedy(answer);
      AnswerScores scores =
          new AnswerEvaluator(network, tokenizer.get(), encoder, config).evaluate(questions);
      CommonOptions.put(json, scores.figures());
      common.say("%s", scores.line());
    }
    common.print(json);
    return 0;
  }

  /** How well each token is guessed from all others. */
  private int guess(Task<?> named) throws IOException {
    if (named.role() != MaskedLm.class) {
      throw new IllegalArgumentException(
          "--pseudo-perplexity is of a masked language model, not of the task %s; leave it out"
              .formatted(named.name()));
    }
    if (data.isEmpty() == (text == null) || generate || stride != null || length != null) {
      throw new IllegalArgumentException(
          "with --pseudo-perplexity evaluate needs --data FILE or --text TEXT, and --batch alone"
              + " beside it");
    }
    requireRange("--batch", batch, Integer.MAX_VALUE);
    Examples examples =
        text == null
            ? DataFiles.examples(data)
            : Examples.of(List.of(new TextExample(text, new Origin("--text", 0))));
    Perplexity found = PseudoPerplexityRun.of(model, examples, batch);
    common.say("pseudo-perplexity %.3f  tokens %,d", found.perplexity(), found.tokens());
    common.print(
        CommonOptions.object()
            .put("pseudoPerplexity", found.perplexity())
            .put("tokens", found.tokens()));
    return 0;
  }

  /** The loss, and of a classifier accuracy and F1. */
  private int measure(Task<?> named) throws IOException {
    if (data.isEmpty() || text != null || generate || stride != null || maxNewTokens != null) {
      throw new IllegalArgumentException(
          "with --task %s evaluate needs --data FILE, and --length and --batch alone beside it"
              .formatted(named.name()));
    }
    requireRange("--batch", batch, Integer.MAX_VALUE);
    int longest = RunChecks.length(length, model.config(), model.name(), "--length");
    var measured = TaskEvaluation.of(named, model, data, longest, batch);
    common.say(
        "loss %.4f over %,d %ss", measured.loss().loss(), measured.loss().tokens(), named.unit());
    measured.task().lines().forEach(line -> common.say("%s", line));
    ObjectNode json = CommonOptions.object().put("loss", measured.loss().loss());
    CommonOptions.put(json, measured.task().figures());
    common.print(json);
    return 0;
  }

  private Perplexity measure(ModelOptions.Loaded loaded, TokenSequences sequences, int paddingId) {
    try {
      return Evaluator.evaluate(loaded.network(), sequences, batch, paddingId);
    } catch (NonFiniteException e) {
      throw new IllegalArgumentException(loaded.directory() + ": " + e.getMessage(), e);
    }
  }

  /** Where the data come from, for messages. */
  private String source() {
    return text == null ? String.join(", ", data.stream().map(Path::toString).toList()) : "--text";
  }

  private static void requireRange(String option, int value, int largest) {
    if (value < 1 || value > largest) {
      throw new IllegalArgumentException(
          "%s is %d, must be %s"
              .formatted(
                  option, value, largest == Integer.MAX_VALUE ? "at least 1" : "1 to " + largest));
    }
  }
}
