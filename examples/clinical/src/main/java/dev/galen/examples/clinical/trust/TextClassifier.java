package dev.galen.examples.clinical.trust;

import dev.galen.model.Inputs;
import dev.galen.model.ProblemType;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A classifier with its tokenizer, that gives texts one class each. */
public final class TextClassifier {
  private static final int TOKENS = 8192;
  private static final int ROWS = 32;

  private final SequenceClassifier model;
  private final Tokenizer tokenizer;

  /**
   * Of a model and its tokenizer.
   *
   * @throws IllegalArgumentException if the model predicts several labels a text, or numbers
   */
  public TextClassifier(SequenceClassifier model, Tokenizer tokenizer) {
    ProblemType problem = model.classes().problem();
    if (model.classes().count() < 2 || problem != null && problem != ProblemType.SINGLE_LABEL) {
      throw new IllegalArgumentException(
          "the model predicts %s; this is for classifiers of one class a text"
              .formatted(problem == null ? "a number" : problem.configName()));
    }
    this.model = model;
    this.tokenizer = tokenizer;
  }

  /** Of a directory with a classifier. */
  public static TextClassifier load(Path directory, Device device) throws IOException {
    if (!Pretrained.hasHead(directory, SequenceClassifier.class)) {
      throw new IOException(
          directory + ": holds no classifier; train one with: galen train --task classification");
    }
    var loaded = Pretrained.load(directory, device, SequenceClassifier.class);
    return new TextClassifier(loaded.model(), loaded.requireTokenizer());
  }

  /** The model. */
  public SequenceClassifier model() {
    return model;
  }

  /** Its tokenizer. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The names of the classes. */
  public List<String> classes() {
    return model.classes().names();
  }

  /** The number of a class by its name, or by its number; -1 if it is neither. */
  public int number(String label) {
    int named = classes().indexOf(label);
    if (named >= 0 || !label.matches("\\d{1,9}")) {
      return named;
    }
    int number = Integer.parseInt(label);
    return number < classes().size() ? number : -1;
  }

  /**
   * The probability of each class for each text, {@code [texts, classes]}, each row summing up to
   * 1.
   */
  public double[][] probabilities(List<String> texts) {
    var encoded = new EncodedText[texts.size()];
    Arrays.setAll(encoded, i -> EncodedText.of(texts.get(i), tokenizer, model));
    Integer[] order =
        IntStream.range(0, encoded.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> encoded[i].size()))
            .toArray(Integer[]::new);
    var all = new double[encoded.length][];
    boolean training = model.isTraining();
    model.eval();
    try (var off = Autograd.noGrad()) {
      for (int from = 0; from < order.length; ) {
        int to = from + 1;
        while (to < order.length
            && to - from < ROWS
            && (to - from + 1) * encoded[order[to]].size() <= TOKENS) {
          to++;
        }
        predict(encoded, Arrays.copyOfRange(order, from, to), all);
        from = to;
      }
    } finally {
      if (training) {
        model.train();
      }
    }
    return all;
  }

  private void predict(EncodedText[] encoded, Integer[] rows, double[][] into) {
    int time = encoded[rows[rows.length - 1]].size();
    var ids = new int[rows.length * time];
    var lengths = new int[rows.length];
    for (int r = 0; r < rows.length; r++) {
      int[] own = encoded[rows[r]].ids();
      lengths[r] = own.length;
      System.arraycopy(own, 0, ids, r * time, own.length);
    }
    try (var scope = MemoryScope.open("classified texts")) {
      Inputs inputs = Inputs.padded(Tensors.of(model.backend(), ids, rows.length, time), lengths);
      float[] logits = model.logits(inputs).toFloats();
      int classes = classes().size();
      for (int r = 0; r < rows.length; r++) {
        into[rows[r]] = softmax(logits, r * classes, classes);
      }
    }
  }

  /** In F64, so that a row sums up to 1 as exactly as metrics ask. */
  private static double[] softmax(float[] logits, int from, int count) {
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < count; k++) {
      max = Math.max(max, logits[from + k]);
    }
    var p = new double[count];
    double sum = 0;
    for (int k = 0; k < count; k++) {
      p[k] = Math.exp(logits[from + k] - max);
      sum += p[k];
    }
    for (int k = 0; k < count; k++) {
      p[k] /= sum;
    }
    return p;
  }
}
