package dev.galen.examples.clinical.language;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.learning.Learning;
import dev.galen.model.CausalLm;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.tensor.Device;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.BpeTrainer;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.Evaluator;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.Muon;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;

/**
 * The small language model: a LLaMA with tied embeddings, whose matrices learn by Muon, and a
 * byte-level BPE of its own. In a training of minutes both count: positions by rotation need not be
 * learned, and Muon takes fewer updates than AdamW.
 */
final class SmallModel {
  private static final double DECAY = 0.3;
  private static final int MULTIPLE = 32;
  private static final Muon.Settings MUON =
      new Muon.Settings(
          0.95,
          true,
          DECAY,
          5,
          1e-7,
          Muon.Scale.MATCH_RMS_ADAMW,
          false,
          1,
          AdamW.Settings.decay(DECAY));

  private final Tokenizer tokenizer;
  private final CausalLm model;
  private final LanguageRun.Size size;
  private final long seed;

  private SmallModel(Tokenizer tokenizer, CausalLm model, LanguageRun.Size size, long seed) {
    this.tokenizer = tokenizer;
    this.model = model;
    this.size = size;
    this.seed = seed;
  }

  /**
   * One with random weights.
   *
   * @param texts that its vocabulary is learned from
   * @param folder gets {@code shape.json}
   */
  static SmallModel initialised(List<String> texts, LanguageRun.Size size, long seed, Path folder)
      throws IOException {
    var corpus =
        BpeTrainer.builder()
            .vocabularySize(size.vocabulary())
            .specialTokens("<|endoftext|>")
            .build()
            .corpus();
    texts.forEach(corpus::add);
    Tokenizer tokenizer = corpus.train();
    int end = tokenizer.endOfTextId().orElseThrow();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("model_type", "llama");
    fields.put("vocab_size", tokenizer.vocabularySize());
    fields.put("max_position_embeddings", size.length());
    fields.put("hidden_size", size.channels());
    fields.put("intermediate_size", Math.ceilDiv(8 * size.channels(), 3 * MULTIPLE) * MULTIPLE);
    fields.put("num_hidden_layers", size.layers());
    fields.put("num_attention_heads", size.heads());
    fields.put("attention_dropout", size.dropout());
    fields.put("tie_word_embeddings", true);
    fields.put("bos_token_id", end);
    fields.put("eos_token_id", end);
    Files.createDirectories(folder);
    Path file = folder.resolve("shape.json");
    AtomicFile.writeString(file, new JsonMapper().writeValueAsString(fields));
    CausalLm model =
        Architectures.create(
            Architectures.readNew(file),
            CausalLm.class,
            Weights.initialised(Device.best(), new Philox(seed)),
            new Philox(seed + 1));
    return new SmallModel(tokenizer, model, size, seed);
  }

  CausalLm model() {
    return model;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  /** A text between two ends of text, the first of which is given. */
  static int[] framed(Tokenizer tokenizer, String text) {
    int end = tokenizer.endOfTextId().orElseThrow();
    int[] ids = tokenizer.encode(text, SpecialTokens.TEXT);
    var framed = new int[ids.length + 2];
    framed[0] = end;
    System.arraycopy(ids, 0, framed, 1, ids.length);
    framed[framed.length - 1] = end;
    return framed;
  }

  /** The same of several, by the model's own tokenizer. */
  List<int[]> framed(List<String> texts) {
    return texts.stream().map(one -> framed(tokenizer, one)).toList();
  }

  /** Learns whole texts: cut into windows, of which every token but the first is learned once. */
  void read(List<String> texts, double rate, int passes, Path folder, Consumer<String> progress)
      throws IOException {
    var rows = new ArrayList<TokenSequence>();
    for (int[] text : framed(texts)) {
      rows.addAll(Evaluator.windows(text, size.length(), size.length()));
    }
    learn(rows, rate, passes, folder, progress);
  }

  /** Learns rows; a training that was killed goes on. */
  void learn(
      List<TokenSequence> rows, double rate, int passes, Path folder, Consumer<String> progress)
      throws IOException {
    TrainingConfig.Builder config =
        TrainingConfig.builder()
            .epochs(passes)
            .batchSize(size.batch())
            .learningRate(rate)
            .schedule(Schedule.COSINE)
            .warmup(0.05)
            .optimizer(MUON)
            .groupByLength(true)
            .seed(seed);
    String name = folder.getFileName().toString();
    Learning.run(model, config, rows, new CausalCollator(0), folder, name, progress);
  }
}
