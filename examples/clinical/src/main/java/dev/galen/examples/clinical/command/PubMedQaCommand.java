package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.augment.LearningCurve;
import dev.galen.examples.clinical.baseline.Baselines.Measured;
import dev.galen.examples.clinical.pubmedqa.FoldModels;
import dev.galen.examples.clinical.pubmedqa.PubMedQa;
import dev.galen.examples.clinical.pubmedqa.PubMedQaRun;
import dev.galen.examples.clinical.pubmedqa.Setting;
import dev.galen.examples.clinical.report.ClassifierSections;
import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.train.data.QuestionExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code galen clinical pubmedqa}. */
@Command(
    name = "pubmedqa",
    description = {
      "Train and measure classifiers on PubMedQA by its official protocol: ten folds, fixed test set.",
      "The official split is computed from the 1,000 records; for a part of them it is read from"
          + " official_split.json or test_ground_truth.json beside the file. A run that was killed"
          + " goes on with the same command."
    },
    mixinStandardHelpOptions = true)
final class PubMedQaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private RecordOptions records;

  @Option(
      names = "--setting",
      paramLabel = "NAME",
      defaultValue = "reasoning-free",
      description =
          "reasoning-free (question and long answer, the default) or reasoning-required (question"
              + " and contexts).")
  private String setting;

  @Option(
      names = "--split",
      paramLabel = "FILE",
      description = "JSON: each id with \"test\" or the number of its fold.")
  private Path split;

  @Option(
      names = "--ways",
      paramLabel = "WAYS",
      defaultValue = "both",
      description = "random (from random weights), pretrained, or both (the default).")
  private String ways;

  @Option(
      names = "--curve",
      description =
          "Learn 10, 25 and 50 percent of the training records by themselves as well, for a learning"
              + " curve in the report.")
  private boolean curve;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where models and report go (default: pubmedqa-SETTING).")
  private Path out;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "Train nothing: answer the records of FILE by the models of this folder, such as"
              + " OUT/pretrained.")
  private Path model;

  @Override
  public Integer call() throws IOException {
    if (model != null) {
      return answer();
    }
    Setting shown = parsed(() -> Setting.named(setting));
    Path folder = out == null ? Path.of("pubmedqa-" + shown.title()) : out;
    run(
        PubMedQaRun.standard(
                records.file(),
                shown,
                records.texts(),
                records.seed(),
                folder,
                TaskOptions.command(spec))
            .withSplit(split)
            .with(parsed(this::ways))
            .withCurve(curve ? LearningCurve.PARTS : List.of()));
    return 0;
  }

  /** Runs and prints the outcome. */
  static void run(PubMedQaRun run) throws IOException {
    PubMedQaRun.Figures figures = run.run(line -> System.err.println("galen: " + line));
    figures.baselines().forEach(one -> System.out.println(one.line()));
    figures.models().forEach(one -> System.out.println(one.line()));
    System.out.println(run.json(figures));
    System.out.println(Disclaimer.TEXT);
  }

  private PubMedQaRun.Ways ways() {
    for (PubMedQaRun.Ways one : PubMedQaRun.Ways.values()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(ways)) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "ways is \"%s\", must be random, pretrained or both".formatted(ways));
  }

  private <T> T parsed(Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  /** What the answers come to on the records whose decision is known. */
  private String measured(List<QuestionExample> records, int[] answers, int[] known)
      throws IOException {
    if (known.length == 0) {
      return "%d records answered; none has a final_decision to measure by"
          .formatted(records.size());
    }
    String name =
        "%s, %d of %d records have a final_decision"
            .formatted(FoldModels.setting(model).title(), known.length, records.size());
    int[] truth = IntStream.of(known).map(i -> PubMedQa.label(records.get(i))).toArray();
    int[] predicted = IntStream.of(known).map(i -> answers[i]).toArray();
    return Measured.of(name, truth, predicted, PubMedQa.DECISIONS.size()).line();
  }

  private int answer() throws IOException {
    List<QuestionExample> questions = PubMedQa.questions(records.file());
    int[] answers = ClassifierSections.likeliest(FoldModels.answer(model, questions));
    for (int i = 0; i < answers.length; i++) {
      System.out.println(questions.get(i).id() + "\t" + PubMedQa.DECISIONS.get(answers[i]));
    }
    int[] known =
        IntStream.range(0, answers.length)
            .filter(i -> questions.get(i).decision() != null)
            .toArray();
    System.err.println("galen: " + measured(questions, answers, known));
    System.err.println("galen: " + Disclaimer.TEXT);
    return 0;
  }
}
