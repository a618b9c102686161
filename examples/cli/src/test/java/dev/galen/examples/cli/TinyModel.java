package dev.galen.examples.cli;

import dev.galen.model.SpecialIds;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.data.Examples;
import dev.galen.train.data.TokenizerTraining;
import dev.galen.train.format.DataFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that commands can work on in milliseconds. */
final class TinyModel {
  /** A config.json of two layers and a context of 32 tokens. */
  static final String CONFIG =
      """
      {"model_type": "gpt2", "vocab_size": 300, "n_positions": 32, "n_embd": 16, "n_layer": 2,
       "n_head": 2}
      """;

  static final String TEXT = "The heart pumps blood through the body. Fever is a sign. ".repeat(40);

  private TinyModel() {}

  /** A directory with random weights and a tokenizer. */
  static Path write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path text = Files.writeString(directory.resolveSibling("tokenizer.txt"), TEXT);
    Tokenizer tokenizer = TokenizerTraining.of(Examples.of(DataFiles.read(text)), 300);
    int end = tokenizer.endOfTextId().orElseThrow();
    Gpt2Config config =
        ((Gpt2Config) Architectures.readNew(config(directory.resolveSibling("shape.json"))))
            .withVocabulary(300, new SpecialIds(end, end, -1));
    var model =
        new Gpt2CausalLm(config, Weights.initialised(Device.best(), new Philox(1)), new Philox(0));
    Pretrained.save(model, tokenizer, directory);
    return directory;
  }

  /** A config file. */
  static Path config(Path file) throws IOException {
    return Files.writeString(file, CONFIG);
  }

  /** {@code count} questions as JSON lines. */
  static Path questions(Path file, int count) throws IOException {
    var lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          "{\"id\": \"%d\", \"question\": \"Sign %d?\", \"answer\": \"Fever %d.\"}%n"
              .formatted(i, i, i));
    }
    return Files.writeString(file, lines);
  }
}
