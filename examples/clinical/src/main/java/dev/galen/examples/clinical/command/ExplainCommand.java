package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.report.RunSections;
import dev.galen.examples.clinical.trust.AttentionMaps;
import dev.galen.examples.clinical.trust.Baseline;
import dev.galen.examples.clinical.trust.Explainer;
import dev.galen.examples.clinical.trust.Explainer.Method;
import dev.galen.examples.clinical.trust.Explanation;
import dev.galen.examples.clinical.trust.Shapley;
import dev.galen.model.CausalLm;
import dev.galen.model.Model;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code galen clinical explain}. */
@Command(
    name = "explain",
    description = {
      "Tell how much each token of a text adds to a model's output.",
      "For classifiers and causal language models. " + Disclaimer.TEXT
    },
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  /** The words of {@code --method}. */
  private enum How {
    IG,
    SHAPLEY
  }

  /** Runs of the model that a user wants to be told of before. */
  private static final int MANY_RUNS = 10_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "A classifier, or a causal language model.")
  private Path directory;

  @Option(names = "--text", paramLabel = "TEXT", required = true, description = "What to explain.")
  private String text;

  @Option(
      names = "--target",
      paramLabel = "CLASS|TOKEN",
      description =
          "The class, or the next token, whose logit is explained (default: the likeliest).")
  private String target;

  @Option(
      names = "--method",
      paramLabel = "ig|shapley",
      description =
          "ig: integrated gradients, with the check that they are complete (default). shapley:"
              + " exact up to 12 tokens, sampled beyond.")
  private How method = How.IG;

  @Option(
      names = "--baseline",
      paramLabel = "zero|TOKEN",
      description =
          "What stands in the place of a token that is taken out (default: the vector of the mask,"
              + " else of the padding, of the unknown token, or of the end of text).")
  private String baseline;

  @Option(
      names = "--orders",
      paramLabel = "N",
      description = "Orders that are drawn for sampled Shapley values (default: ${DEFAULT-VALUE}).")
  private int orders = Shapley.ORDERS;

  @Option(names = "--seed", paramLabel = "N", description = "Of the draws (default: 0).")
  private long seed;

  @Option(
      names = "--attention",
      description = "Draw what each layer and head attends to, in the report.")
  private boolean attention;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write report.html and report.json there, with the text and its weights.")
  private Path out;

  @Option(
      names = "--device",
      paramLabel = "cpu|cuda:0",
      description = "Where to compute (default: a GPU that can be used, else the CPU).")
  private String device;

  @Override
  public Integer call() throws IOException {
    ReportFiles.requireOwn(out);
    if (attention && out == null) {
      throw new ParameterException(
          spec.commandLine(), "--attention draws pictures; give --out DIR for them");
    }
    if (orders < 2) {
      throw new ParameterException(
          spec.commandLine(), "--orders is " + orders + ", must be at least 2");
    }
    Device where = device == null ? Device.best() : Device.of(device);
    var kind = Pretrained.kind(directory);
    var loaded =
        SequenceClassifier.class.isAssignableFrom(kind)
            ? Pretrained.load(directory, where, SequenceClassifier.class)
            : Pretrained.load(directory, where, CausalLm.class);
    Model model = loaded.model();
    Tokenizer tokenizer = loaded.requireTokenizer();
    Baseline from = baseline == null ? Baseline.of(tokenizer) : Baseline.named(baseline, tokenizer);
    if (method == How.SHAPLEY && !text.isBlank()) {
      long tokens = tokenizer.encode(text, SpecialTokens.TEXT).length;
      long runs =
          tokens <= Shapley.MOST_EXACT ? 0 : orders * Math.min(tokens, model.contextLength());
      if (runs > MANY_RUNS) {
        System.err.printf(
            Locale.ROOT,
            "galen: the model is run %,d times; fewer --orders take less, with a larger error%n",
            runs);
      }
    }
    Explanation explanation =
        new Explainer(model, tokenizer, from)
            .explain(
                text,
                target(model, tokenizer),
                method == How.IG ? Method.INTEGRATED_GRADIENTS : Method.SHAPLEY,
                orders,
                seed);
    print(explanation);
    if (out != null) {
      var report =
          RunReport.builder("Why the model says " + explanation.output())
              .summary(explanation.words())
              .measure("logit", explanation.attribution().value())
              .measure("logit of the baseline", explanation.attribution().baseline())
              .measure("gap of the sum", explanation.attribution().gap())
              .section("Weights", explanation.marked(), explanation.table());
      if (attention) {
        report.section(AttentionMaps.of(model, tokenizer, text).section());
      }
      report.section(RunSections.repeat(command(), null));
      ReportFiles.write(report.build(), out);
    }
    if (!explanation.attribution().isComplete()) {
      System.err.println(
          "galen: the weights are not complete within the tolerance; try another --baseline");
    }
    return 0;
  }

  private OptionalInt target(Model model, Tokenizer tokenizer) {
    if (target == null) {
      return OptionalInt.empty();
    }
    if (model instanceof SequenceClassifier classifier) {
      var names = classifier.classes().names();
      int number = names.indexOf(target);
      if (number < 0 && target.matches("\\d{1,9}")) {
        number = Integer.parseInt(target);
      }
      if (number < 0 || number >= names.size()) {
        throw new ParameterException(
            spec.commandLine(),
            "--target is \"%s\", must be one of the classes %s"
                .formatted(target, String.join(", ", names)));
      }
      return OptionalInt.of(number);
    }
    int[] ids = tokenizer.encode(target);
    if (ids.length != 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--target \"%s\" is %d tokens, must be one; a leading space may belong to it"
              .formatted(target, ids.length));
    }
    return OptionalInt.of(ids[0]);
  }

  private void print(Explanation explanation) {
    System.out.println(explanation.words());
    double[] errors = explanation.attribution().errors();
    for (int t = 0; t < explanation.tokens().size(); t++) {
      System.out.printf(
          Locale.ROOT,
          "%+10.4f%s  %s%n",
          explanation.attribution().weights()[t],
          errors == null ? "" : String.format(Locale.ROOT, " ± %.4f", errors[t]),
          explanation.tokens().get(t).text().replace("\n", "\\n"));
    }
    System.out.println(Disclaimer.TEXT);
  }

  private String command() {
    return "galen clinical explain --model %s --method %s --baseline '%s' --seed %d --text ..."
        .formatted(
            directory,
            method.name().toLowerCase(Locale.ROOT),
            baseline == null ? "(default)" : baseline,
            seed);
  }
}
