package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.language.LanguageRun;
import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code galen clinical language}. */
@Command(
    name = "language",
    description = {
      "Train a small language model on PubMedQA's training records, beside a Kneser-Ney trigram.",
      "Both are measured on the test records, per token of the tokenizer that is named, the model"
          + " alone and mixed with an n-gram of its own tokens and a cache; it then answers the"
          + " questions by the likelihood of yes, no and maybe."
    },
    mixinStandardHelpOptions = true)
final class LanguageCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private RecordOptions records;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      required = true,
      description = "Whose tokens the trigram counts and figures are told by, such as GPT-2's.")
  private Path tokenizer;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "pubmedqa-language",
      description = "Where model and report go (default: pubmedqa-language).")
  private Path out;

  @Override
  public Integer call() throws IOException {
    var run =
        new LanguageRun(
            records.file(),
            records.texts(),
            TokenizerFiles.load(tokenizer),
            LanguageRun.Size.SMALL,
            records.seed(),
            out,
            TaskOptions.command(spec));
    LanguageRun.Figures figures = run.run(line -> System.err.println("galen: " + line));
    System.out.println("trigram     " + figures.trigram().words());
    if (figures.trigramOfAll() != null) {
      System.out.println("with texts  " + figures.trigramOfAll().words());
    }
    System.out.println("model       " + figures.model().words());
    System.out.println("mixture     " + figures.mixture().words());
    System.out.println("no model    " + figures.withoutModel().words());
    System.out.printf(
        Locale.ROOT,
        "verbaliser  accuracy %.3f  macro-F1 %.3f%n",
        figures.verbalised().accuracy(),
        figures.verbalised().macro(Double.NaN).f1());
    System.out.println(Disclaimer.TEXT);
    return 0;
  }
}
