package dev.galen.model.testing;

import dev.galen.model.ClassNames;
import dev.galen.model.SpecialIds;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.BpeTrainer;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** GPT-2s small enough for tests, with the same random weights every time. */
public final class TinyModels {
  /** V of {@link #gpt2(double)}. */
  public static final int VOCABULARY = 97;

  /** A config.json of two layers and a context of 32 tokens: that of {@link #write}. */
  public static final String CONFIG =
      """
      {"model_type": "gpt2", "vocab_size": 300, "n_positions": 32, "n_embd": 16, "n_layer": 2,
       "n_head": 2}
      """;

  /** What the tokenizer of {@link #write} has learned. */
  public static final String TEXT =
      "The heart pumps blood through the body. Fever is a sign. ".repeat(40);

  private static final int WRITTEN_VOCABULARY = 300;

  private TinyModels() {}

  /** Two layers of C channels and an inner width of 4C; no special ids, two classes. */
  public static Gpt2Config config(
      int vocabulary, int context, int channels, int heads, double dropout) {
    return config(vocabulary, context, channels, heads, dropout, 0.02);
  }

  private static Gpt2Config config(
      int vocabulary, int context, int channels, int heads, double dropout, double range) {
    return new Gpt2Config(
        vocabulary,
        context,
        channels,
        2,
        heads,
        4 * channels,
        Unary.GELU_TANH,
        dropout,
        dropout,
        dropout,
        1e-5,
        range,
        true,
        false,
        true,
        SpecialIds.NONE,
        ClassNames.of(2));
  }

  /** One to train on the CPU: V = 97, T = 64, C = 32, H = 4. */
  public static Gpt2CausalLm gpt2(double dropout) {
    return gpt2(dropout, Device.CPU);
  }

  /** The same weights on {@code device}. */
  public static Gpt2CausalLm gpt2(double dropout, Device device) {
    return gpt2(config(VOCABULARY, 64, 32, 4, dropout), device);
  }

  /** One of any shape. */
  public static Gpt2CausalLm gpt2(Gpt2Config config, Device device) {
    return new Gpt2CausalLm(config, Weights.initialised(device, new Philox(7)), new Philox(0));
  }

  /** One to generate with: weights so large that logits differ clearly; no end of text. */
  public static Gpt2CausalLm decided(int vocabulary, int context, double dropout) {
    return decided(Device.CPU, vocabulary, context, dropout);
  }

  /** The same weights on {@code device}. */
  public static Gpt2CausalLm decided(Device device, int vocabulary, int context, double dropout) {
    Gpt2Config config = config(vocabulary, context, 16, 2, dropout, 0.5);
    return new Gpt2CausalLm(config, Weights.initialised(device, new Philox(3)), new Philox(4));
  }

  /** A directory with random weights and a tokenizer, that commands work on in milliseconds. */
  public static Path write(Path directory) throws IOException {
    Tokenizer tokenizer =
        BpeTrainer.builder()
            .vocabularySize(WRITTEN_VOCABULARY)
            .specialTokens("<|endoftext|>")
            .build()
            .train(Stream.of(TEXT));
    int end = tokenizer.endOfTextId().orElseThrow();
    Gpt2Config config =
        config(WRITTEN_VOCABULARY, 32, 16, 2, 0.1)
            .withVocabulary(WRITTEN_VOCABULARY, new SpecialIds(end, end, -1));
    var model =
        new Gpt2CausalLm(config, Weights.initialised(Device.best(), new Philox(1)), new Philox(0));
    Files.createDirectories(directory);
    Pretrained.save(model, tokenizer, directory);
    return directory;
  }

  /** A file with {@link #CONFIG}. */
  public static Path writeConfig(Path file) throws IOException {
    return Files.writeString(file, CONFIG);
  }
}
