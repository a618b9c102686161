package dev.galen.examples.clinical.pubmedqa;

import dev.galen.examples.clinical.augment.LearningCurve;
import dev.galen.examples.clinical.baseline.Baselines;
import dev.galen.examples.clinical.baseline.Baselines.Measured;
import dev.galen.examples.clinical.baseline.CurveSection;
import dev.galen.examples.clinical.report.ClassifierSections;
import dev.galen.train.data.QuestionExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What labels are worth: the protocol again with shares of the training records, which have every
 * decision in its share and hold all smaller ones. The test set stays the same, and so does what a
 * model has read before, which needs no labels.
 */
final class PubMedQaCurve {
  private final PubMedQaRun run;
  private final PubMedQa data;
  private final OfficialSplit split;

  PubMedQaCurve(PubMedQaRun run, PubMedQa data, OfficialSplit split) {
    this.run = run;
    this.data = data;
    this.split = split;
  }

  /**
   * Trains and measures what is missing in the run's output.
   *
   * @param pretrained directory of a {@link Pretraining}, or empty for random weights
   */
  List<CurveSection.Point> points(Optional<Path> pretrained, Consumer<String> progress)
      throws IOException {
    var points = new ArrayList<CurveSection.Point>();
    for (double share : run.shares()) {
      points.add(point(share, pretrained, progress));
    }
    return points;
  }

  private CurveSection.Point point(
      double share, Optional<Path> pretrained, Consumer<String> progress) throws IOException {
    List<QuestionExample> some =
        LearningCurve.<QuestionExample>subsets(
                split.train(data), QuestionExample::decision, run.seed(), List.of(share))
            .getFirst();
    String name = String.format(Locale.ROOT, "share-%.0f", 100 * share);
    progress.accept("curve: %s of the training records, %,d".formatted(name, some.size()));
    List<QuestionExample> test = split.test(data);
    var records = new ArrayList<>(some);
    records.addAll(test);
    var models =
        new FoldModels(
            run.setting(),
            pretrained.isPresent() ? run.pretraining().shape() : EncoderShape.RANDOM,
            pretrained.isPresent() ? run.tuned() : run.random(),
            pretrained,
            run.seed());
    FoldModels.Result result =
        models.run(new PubMedQa(records), split, run.output().resolve(name), progress);
    int classes = PubMedQa.DECISIONS.size();
    int[] truth = PubMedQa.labels(test);
    Measured bag =
        Baselines.of(texts(some), PubMedQa.labels(some), texts(test), truth, classes, run.seed())
            .getLast();
    Measured model =
        Measured.of("the model", truth, ClassifierSections.likeliest(result.test()), classes);
    progress.accept("curve: %s: %s".formatted(name, bag.line()));
    progress.accept("curve: %s: %s".formatted(name, model.line()));
    return new CurveSection.Point(share, some.size(), bag, model);
  }

  private List<String> texts(List<QuestionExample> records) {
    return records.stream().map(run.setting()::text).toList();
  }
}
