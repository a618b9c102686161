package dev.galen.examples.clinical.deid;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.learning.Learning;
import dev.galen.model.ClassNames;
import dev.galen.model.ModelConfig;
import dev.galen.model.TokenClassifier;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.WordPieceTrainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.EncodedCollator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;

/**
 * Trains a small BERT to name the category of each token on annotated documents, such as the
 * training part of {@link DeidCorpus}.
 *
 * @param channels C
 * @param layers L
 * @param vocabulary tokens of its WordPiece tokenizer, which keeps capitals
 * @param epochs passes over the documents
 * @param seed of weights, order and dropout
 */
public record TaggerTraining(int channels, int layers, int vocabulary, int epochs, long seed) {
  /** About three minutes of two cores on 1,000 synthetic notes. */
  public static final TaggerTraining SMALL = new TaggerTraining(64, 2, 3000, 3, 42);

  private static final int PADDING = 0;
  private static final int BATCH = 16;
  private static final double RATE = 1e-3;
  private static final double DROPOUT = 0.1;
  private static final int HEAD = 32;

  /**
   * Trains, and writes model and tokenizer; a run that was killed goes on.
   *
   * @param documents whose annotations are the identifiers
   * @param out a directory for {@link IdentifierTagger#load}
   * @param progress takes a line now and then
   */
  public void run(List<Document> documents, Path out, Consumer<String> progress)
      throws IOException {
    var corpus =
        WordPieceTrainer.builder().vocabularySize(vocabulary).lowersCase(false).build().corpus();
    documents.forEach(one -> corpus.add(one.text()));
    Tokenizer tokenizer = corpus.train();
    var sequences = new ArrayList<TokenSequence>();
    for (Document one : documents) {
      sequences.addAll(TaggerWindows.learned(one.text(), one.annotations(), tokenizer));
    }
    TokenClassifier model =
        Architectures.create(
            config(tokenizer, out),
            TokenClassifier.class,
            Weights.initialised(Device.best(), new Philox(seed)),
            new Philox(seed + 1));
    TrainingConfig.Builder training =
        TrainingConfig.builder()
            .epochs(epochs)
            .batchSize(BATCH)
            .learningRate(RATE)
            .schedule(Schedule.LINEAR)
            .warmup(0.05)
            .groupByLength(true)
            .seed(seed);
    Learning.run(
        model,
        training,
        sequences,
        new EncodedCollator(PADDING, false),
        out.resolve("training"),
        "tagger",
        progress);
    Pretrained.save(model, tokenizer, out);
  }

  private ModelConfig config(Tokenizer tokenizer, Path out) throws IOException {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("model_type", "bert");
    fields.put("vocab_size", tokenizer.vocabularySize());
    fields.put("max_position_embeddings", TaggerWindows.LENGTH);
    fields.put("type_vocab_size", 1);
    fields.put("hidden_size", channels);
    fields.put("num_hidden_layers", layers);
    fields.put("num_attention_heads", Math.max(1, channels / HEAD));
    fields.put("intermediate_size", 4 * channels);
    fields.put("hidden_dropout_prob", DROPOUT);
    fields.put("attention_probs_dropout_prob", DROPOUT);
    fields.put("pad_token_id", PADDING);
    Files.createDirectories(out);
    Path file = out.resolve("shape.json");
    AtomicFile.writeString(file, new JsonMapper().writeValueAsString(fields));
    return Architectures.readNew(file).withClasses(new ClassNames(TaggerWindows.classes()));
  }
}
