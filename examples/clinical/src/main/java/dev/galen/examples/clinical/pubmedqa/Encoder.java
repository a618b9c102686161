package dev.galen.examples.clinical.pubmedqa;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.model.ClassNames;
import dev.galen.model.ModelConfig;
import dev.galen.model.ProblemType;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.WordPieceTrainer;
import dev.galen.train.data.ClassCollator;
import dev.galen.train.data.TokenSequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

/** The small BERT of these runs: its shape, its tokenizer, and what it says of pairs. */
final class Encoder {
  /** Padding is the first token of a WordPiece vocabulary of Galen's. */
  static final int PADDING = 0;

  /** Rounded up, so that products have whole vectors. */
  private static final int MULTIPLE = 8;

  private static final int BATCH = 32;
  private static final ClassNames CLASSES =
      new ClassNames(PubMedQa.DECISIONS).withProblem(ProblemType.SINGLE_LABEL);

  private Encoder() {}

  /** Batches of pairs. */
  static ClassCollator collator() {
    return new ClassCollator(PADDING, CLASSES);
  }

  static ClassNames classes() {
    return CLASSES;
  }

  /** A WordPiece tokenizer of texts, in lower case; the same for the same texts. */
  static Tokenizer tokenizer(List<String> texts, int vocabulary) {
    var corpus = WordPieceTrainer.builder().vocabularySize(vocabulary).build().corpus();
    texts.forEach(corpus::add);
    return corpus.train();
  }

  /**
   * The shape, which is left as {@code shape.json} in a folder.
   *
   * @param folder made if it is missing
   */
  static ModelConfig config(Tokenizer tokenizer, EncoderShape shape, Path folder)
      throws IOException {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("model_type", "bert");
    fields.put("vocab_size", Math.ceilDiv(tokenizer.vocabularySize(), MULTIPLE) * MULTIPLE);
    fields.put("max_position_embeddings", shape.length());
    fields.put("type_vocab_size", 2);
    fields.put("hidden_size", shape.channels());
    fields.put("num_hidden_layers", shape.layers());
    fields.put("num_attention_heads", shape.heads());
    fields.put("intermediate_size", 4 * shape.channels());
    fields.put("hidden_dropout_prob", shape.dropout());
    fields.put("attention_probs_dropout_prob", shape.dropout());
    fields.put("initializer_range", shape.deviation());
    fields.put("pad_token_id", PADDING);
    Files.createDirectories(folder);
    Path file = folder.resolve("shape.json");
    AtomicFile.writeString(file, new JsonMapper().writeValueAsString(fields));
    return Architectures.readNew(file).withClasses(CLASSES);
  }

  /** A classifier with random weights. */
  static SequenceClassifier initialised(ModelConfig config, long seed) {
    return Architectures.create(
        config,
        SequenceClassifier.class,
        Weights.initialised(Device.best(), new Philox(seed)),
        new Philox(seed + 1));
  }

  /** The probability of each decision, {@code [sequences, 3]}, dropout off. */
  static double[][] probabilities(SequenceClassifier model, List<TokenSequence> sequences) {
    var probabilities = new double[sequences.size()][];
    model.eval();
    try (var off = Autograd.noGrad()) {
      for (int from = 0; from < sequences.size(); from += BATCH) {
        int to = Math.min(from + BATCH, sequences.size());
        var batch = collator().collate(sequences.subList(from, to));
        try (var scope = MemoryScope.open("classified pairs")) {
          float[] logits = model.logits(batch.inputs(model.backend())).toFloats();
          for (int row = from; row < to; row++) {
            probabilities[row] = softmax(logits, (row - from) * CLASSES.count());
          }
        }
      }
    }
    return probabilities;
  }

  private static double[] softmax(float[] logits, int from) {
    var p = new double[CLASSES.count()];
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < p.length; k++) {
      largest = Math.max(largest, logits[from + k]);
    }
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      p[k] = Math.exp(logits[from + k] - largest);
      sum += p[k];
    }
    for (int k = 0; k < p.length; k++) {
      p[k] /= sum;
    }
    return p;
  }
}
