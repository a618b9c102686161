package dev.galen.train.task;

import dev.galen.model.ClassNames;
import dev.galen.model.ModelConfig;
import dev.galen.model.ProblemType;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.SpecialIds;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.chart.MetricCharts;
import dev.galen.train.data.Batch;
import dev.galen.train.data.ClassEncoder;
import dev.galen.train.data.ClassifiedExample;
import dev.galen.train.data.ClassifiedTokens;
import dev.galen.train.data.Collator;
import dev.galen.train.data.EncodedExample;
import dev.galen.train.data.EncodedExample.Form;
import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.format.RowSchemas;
import dev.galen.train.metrics.ConfusionMatrix;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Learns which class a text has, and is measured by accuracy, F1 and confusion matrix. */
public final class ClassificationTask implements Task<SequenceClassifier> {
  private static final String PICTURE = "confusion.svg";

  @Override
  public String name() {
    return "classification";
  }

  @Override
  public Class<SequenceClassifier> role() {
    return SequenceClassifier.class;
  }

  @Override
  public RowSchemas schemas() {
    return RowSchemas.classification();
  }

  /**
   * With the classes that the model has; where it has no head yet, those of the data: names in
   * their order, or as many as the largest number says.
   */
  @Override
  public ModelConfig shape(ModelConfig config, boolean hasHead, Examples train) throws IOException {
    if (hasHead) {
      return config;
    }
    ModelConfig named = config.withClasses(classesOf(train));
    SpecialIds special = config.special();
    // HuggingFace's class finds a text's last token by the padding id, and refuses batches without.
    return special.padding() >= 0 || special.ends().isEmpty()
        ? named
        : named.withVocabulary(
            config.vocabularySize(),
            new SpecialIds(special.beginning(), special.ends(), special.ends().getFirst()));
  }

  private static ClassNames classesOf(Examples examples) throws IOException {
    var numbers = new int[1];
    examples.forEach(
        example -> {
          if (example instanceof EncodedExample row && row.form() != Form.INTEGER) {
            numbers[0] = row.labels().length;
          }
        });
    return switch (numbers[0]) {
      case 0 -> classes(examples).withProblem(ProblemType.SINGLE_LABEL);
      case 1 -> ClassNames.of(1).withProblem(ProblemType.REGRESSION);
      default -> ClassNames.of(numbers[0]).withProblem(ProblemType.MULTI_LABEL);
    };
  }

  private static ClassNames classes(Examples examples) throws IOException {
    var labels = new TreeSet<String>();
    examples.forEach(example -> labels.add(label(example)));
    boolean numbered = labels.stream().allMatch(label -> label.matches("\\d{1,9}"));
    int count =
        numbered ? labels.stream().mapToInt(Integer::parseInt).max().orElse(0) + 1 : labels.size();
    if (count < 2) {
      throw new IllegalArgumentException(
          "every example has the label \"%s\"; a classifier needs two classes or more"
              .formatted(labels.isEmpty() ? "" : labels.first()));
    }
    if (numbered && count > 2 * labels.size() + 8) {
      throw new IllegalArgumentException(
          "the labels are %d numbers up to %d; classes are numbered from 0 without gaps"
              .formatted(labels.size(), count - 1));
    }
    return numbered ? ClassNames.of(count) : new ClassNames(List.copyOf(labels));
  }

  private static String label(Example example) {
    return switch (example) {
      case ClassifiedExample e -> e.label();
      case ClassifiedTokens e -> e.label();
      case EncodedExample e -> Integer.toString((int) e.labels()[0]);
      default ->
          throw new IllegalArgumentException(
              example.origin() + ": has no label; classification needs a text and a label");
    };
  }

  @Override
  public ClassEncoder encoder(ModelConfig config, Optional<Tokenizer> tokenizer, int length) {
    return new ClassEncoder(tokenizer.orElse(null), config, length);
  }

  @Override
  public String unit() {
    return "text";
  }

  @Override
  public Optional<List<String>> figures() {
    return Optional.of(List.of("classified", "accuracy", "macroF1", "weightedF1"));
  }

  @Override
  public TaskResult measure(TrainedModel<SequenceClassifier> trained) {
    ProblemType problem = trained.model().problemType();
    boolean several = problem != null && problem != ProblemType.SINGLE_LABEL;
    if (trained.validation().isEmpty() || several) {
      return new TaskResult(new TreeMap<>(), List.of(), "", List.of(), Map.of());
    }
    var names = trained.model().classes().names();
    ConfusionMatrix matrix =
        confusion(
            trained.model(),
            trained.encoder().collator(),
            trained.validation(),
            trained.batchSize());
    return new TaskResult(
        figures(matrix),
        List.of(line(matrix)),
        markdown(matrix, names),
        List.of(),
        Map.of(PICTURE, MetricCharts.confusion(matrix, names)));
  }

  /** Has every sequence classified, dropout off. */
  private static ConfusionMatrix confusion(
      SequenceClassifier model, Collator collator, TokenSequences sequences, int batchSize) {
    TokenSequences sorted = sequences.byLength();
    var truth = new int[sorted.size()];
    var predicted = new int[sorted.size()];
    int classes = model.classes().count();
    boolean training = model.isTraining();
    model.eval();
    try (var off = Autograd.noGrad()) {
      for (int from = 0; from < sorted.size(); from += batchSize) {
        int to = Math.min(from + batchSize, sorted.size());
        Batch batch = collator.collate(sorted.subList(from, to));
        try (var scope = MemoryScope.open("classified batch")) {
          float[] logits = model.logits(batch.inputs(model.backend())).toFloats();
          for (int row = 0; row < batch.rows(); row++) {
            truth[from + row] = batch.labels()[row];
            predicted[from + row] = likeliest(logits, row * classes, classes);
          }
        }
      }
    } finally {
      if (training) {
        model.train();
      }
    }
    return ConfusionMatrix.of(truth, predicted, classes);
  }

  private static int likeliest(float[] logits, int from, int classes) {
    int best = 0;
    for (int i = 1; i < classes; i++) {
      best = logits[from + i] > logits[from + best] ? i : best;
    }
    return best;
  }

  private static SequencedMap<String, Number> figures(ConfusionMatrix matrix) {
    var figures = new LinkedHashMap<String, Number>();
    figures.put("classified", matrix.micro().support());
    figures.put("accuracy", matrix.accuracy());
    figures.put("macroF1", macroF1(matrix));
    figures.put("weightedF1", matrix.weighted(0).f1());
    return figures;
  }

  private static String line(ConfusionMatrix matrix) {
    return String.format(
        Locale.ROOT,
        "%,d texts classified: accuracy %.4f  macro-F1 %.4f",
        matrix.micro().support(),
        matrix.accuracy(),
        macroF1(matrix));
  }

  /** Over the classes that occur, in truth or as predicted, as scikit-learn has it. */
  private static double macroF1(ConfusionMatrix matrix) {
    return matrix.macro(Double.NaN).f1();
  }

  private static String markdown(ConfusionMatrix matrix, List<String> names) {
    var text = new StringBuilder("## Classes\n\n![Confusion matrix](" + PICTURE + ")\n\n");
    text.append("| class | precision | recall | F1 | texts |\n|---|---:|---:|---:|---:|\n");
    for (int i = 0; i < names.size(); i++) {
      row(text, names.get(i), matrix.of(i, 0));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "\nAccuracy %.4f; F1 as the mean of the classes that occur %.4f.\n\n",
            matrix.accuracy(),
            macroF1(matrix)));
    return text.toString();
  }

  private static void row(StringBuilder text, String name, ConfusionMatrix.Scores scores) {
    text.append(
        String.format(
            Locale.ROOT,
            "| %s | %.4f | %.4f | %.4f | %,d |\n",
            name.replace("|", "\\|").replace('\n', ' '),
            scores.precision(),
            scores.recall(),
            scores.f1(),
            scores.support()));
  }
}
