package dev.galen.examples.clinical.task;

import dev.galen.model.SequenceClassifier;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.Batch;
import dev.galen.train.data.ClassEncoder;
import dev.galen.train.data.ClassifiedExample;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequences;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A trained classifier that is asked for the probabilities of texts. */
final class TextClassifier {
  private static final int BATCH = 32;

  private final SequenceClassifier model;
  private final ClassEncoder encoder;

  private TextClassifier(SequenceClassifier model, ClassEncoder encoder) {
    this.model = model;
    this.encoder = encoder;
  }

  /**
   * Loads one.
   *
   * @param length tokens of a text at most, as in training; the rest is not looked at
   */
  static TextClassifier load(Path folder, int length, Device device) throws IOException {
    Pretrained<SequenceClassifier> loaded =
        Pretrained.load(folder, device, SequenceClassifier.class);
    var encoder =
        new ClassEncoder(loaded.requireTokenizer(), Architectures.config(loaded.model()), length);
    loaded.model().eval();
    return new TextClassifier(loaded.model(), encoder);
  }

  /** The names of its classes. */
  List<String> classes() {
    return model.classes().names();
  }

  /** The probability of each class for each text, {@code [texts, classes]}. */
  double[][] probabilities(List<String> texts) {
    String any = classes().getFirst(); // an encoder wants a label, which nothing looks at
    var encoding = encoder.encoding();
    texts.forEach(text -> encoding.add(new ClassifiedExample(text, any)));
    TokenSequences sequences = encoding.finish();
    Collator collator = encoder.collator();
    int classes = classes().size();
    var all = new double[texts.size()][];
    try (var off = Autograd.noGrad()) {
      for (int from = 0; from < all.length; from += BATCH) {
        int to = Math.min(from + BATCH, all.length);
        Batch batch = collator.collate(sequences.subList(from, to));
        try (var scope = MemoryScope.open("classified texts")) {
          float[] logits_BK = model.logits(batch.inputs(model.backend())).toFloats();
          for (int row = 0; row < to - from; row++) {
            all[from + row] = softmax(logits_BK, row * classes, classes);
          }
        }
      }
    }
    return all;
  }

  private static double[] softmax(float[] logits, int from, int count) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < count; k++) {
      largest = Math.max(largest, logits[from + k]);
    }
    var shares = new double[count];
    double sum = 0;
    for (int k = 0; k < count; k++) {
      shares[k] = Math.exp(logits[from + k] - largest);
      sum += shares[k];
    }
    for (int k = 0; k < count; k++) {
      shares[k] /= sum;
    }
    return shares;
  }
}
