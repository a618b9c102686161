package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.augment.LearningCurve;
import dev.galen.examples.clinical.baseline.Baselines;
import dev.galen.examples.clinical.baseline.CurveSection;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.report.ClassifierSections;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.train.data.ClassifiedExample;
import dev.galen.train.data.Folds;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Names the section of a note that a text is of: a classifier of the field {@code label}, beside
 * the most frequent section and a bag of words.
 */
public final class SectionTask {
  /** The field with a text's section. */
  public static final String LABEL = "label";

  /** Chosen by cross-validation on MTS-Dialog's training rows; see bench/results/clinical.jsonl. */
  private static final TaskRecipe RECIPE =
      new TaskRecipe(
          "classification",
          new NewModel(64, 1, 4, 256, 2048, 0.1),
          128,
          15,
          16,
          2e-3,
          5e-4,
          Schedule.LINEAR,
          0.03,
          0);

  private static final int HELD_OUT_FOLDS = 5;

  private SectionTask() {}

  /**
   * A fifth of the documents for the test. Those with one text, such as a section and its
   * back-translated dialogue, stay together.
   */
  public static TaskParts held(TaskDocuments all, long seed) {
    var fold =
        Folds.<Document>grouped(all.documents(), Document::text, HELD_OUT_FOLDS, seed).getFirst();
    return new TaskParts(
        new TaskDocuments(fold.train(), all.rejected()), new TaskDocuments(fold.test(), 0));
  }

  /** The same without a learning curve. */
  public static RunReport run(TaskDocuments train, TaskDocuments test, TaskSettings settings)
      throws IOException {
    return run(train, test, List.of(), settings);
  }

  /**
   * Trains, measures and writes the report.
   *
   * @param train documents with a field {@value #LABEL}
   * @param test others with that field; of a section that training lacks none can be right
   * @param shares of the training documents that are learned by themselves as well, each in (0, 1);
   *     a subset has every section in its share and holds all smaller ones
   * @throws IOException in one line that names the file
   */
  public static RunReport run(
      TaskDocuments train, TaskDocuments test, List<Double> shares, TaskSettings settings)
      throws IOException {
    List<String> names = names(train, test);
    var points = new ArrayList<CurveSection.Point>();
    for (double share : shares) {
      points.add(point(train, test, names, share, settings));
    }
    Outcome whole = outcome(train, test, names, settings);
    if (!points.isEmpty()) {
      points.add(whole.point(1, train.documents().size()));
    }
    RunReport report =
        new SectionReport(
                names,
                train,
                test,
                numbers(test, names),
                whole.probabilities(),
                whole.baselines(),
                whole.model(),
                points)
            .of(settings);
    return settings.finish(report);
  }

  @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
  private record Outcome(
      List<Baselines.Measured> baselines, double[][] probabilities, Baselines.Measured model) {
    CurveSection.Point point(double share, int size) {
      return new CurveSection.Point(share, size, baselines.getLast(), model);
    }
  }

  private static CurveSection.Point point(
      TaskDocuments train,
      TaskDocuments test,
      List<String> names,
      double share,
      TaskSettings settings)
      throws IOException {
    List<Document> some =
        LearningCurve.<Document>subsets(
                train.documents(), one -> one.field(LABEL), settings.seed(), List.of(share))
            .getFirst();
    var subset = new TaskDocuments(some, 0);
    names(subset, test); // two sections at least
    String name = String.format(Locale.ROOT, "share-%.0f", 100 * share);
    settings.say().accept("curve      %s of the texts, %,d".formatted(name, some.size()));
    TaskSettings own = settings.into(settings.out().resolve(name));
    return outcome(subset, test, names, own).point(share, some.size());
  }

  private static Outcome outcome(
      TaskDocuments train, TaskDocuments test, List<String> names, TaskSettings settings)
      throws IOException {
    int[] truth = numbers(test, names);
    settings.say().accept("baselines  majority and bag of words");
    List<Baselines.Measured> baselines =
        Baselines.of(
            train.texts(),
            numbers(train, names),
            test.texts(),
            truth,
            names.size(),
            settings.seed());
    train(train, settings);
    double[][] probabilities = probabilities(test.texts(), names, settings);
    int[] predicted = ClassifierSections.likeliest(probabilities);
    var model = Baselines.Measured.of("the model", truth, predicted, names.size());
    baselines.forEach(one -> settings.say().accept(one.line()));
    settings.say().accept(model.line());
    return new Outcome(baselines, probabilities, model);
  }

  /** All sections of both parts in their order. */
  private static List<String> names(TaskDocuments train, TaskDocuments test) {
    var names = new TreeSet<String>(train.field(LABEL));
    if (names.size() < 2) {
      throw new IllegalArgumentException(
          "all training texts have the label \"%s\"; a classifier needs two or more"
              .formatted(names.first()));
    }
    names.addAll(test.field(LABEL));
    return List.copyOf(names);
  }

  private static int[] numbers(TaskDocuments documents, List<String> names) {
    return documents.field(LABEL).stream().mapToInt(names::indexOf).toArray();
  }

  private static void train(TaskDocuments train, TaskSettings settings) throws IOException {
    List<ClassifiedExample> examples =
        train.documents().stream()
            .map(one -> new ClassifiedExample(one.text(), one.field(LABEL), one.origin()))
            .toList();
    String name =
        String.format(Locale.ROOT, "%,d texts with sections, %s", examples.size(), train.digest());
    TaskTraining.run(RECIPE, examples, name, settings);
  }

  /** Of the classes that the model has; the others have none. */
  private static double[][] probabilities(
      List<String> texts, List<String> names, TaskSettings settings) throws IOException {
    var classifier =
        TextClassifier.load(
            settings.modelFolder(), settings.length(RECIPE.length()), settings.computing());
    int[] places = classifier.classes().stream().mapToInt(names::indexOf).toArray();
    return Arrays.stream(classifier.probabilities(texts))
        .map(
            known -> {
              var all = new double[names.size()];
              for (int k = 0; k < known.length; k++) {
                all[places[k]] = known[k];
              }
              return all;
            })
        .toArray(double[][]::new);
  }
}
