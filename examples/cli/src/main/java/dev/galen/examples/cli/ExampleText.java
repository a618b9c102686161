package dev.galen.examples.cli;

import dev.galen.model.pretrained.Pretrained;
import dev.galen.train.data.Examples;
import java.io.IOException;
import java.nio.file.Path;

/** The texts inside of examples, as the model will see them. */
final class ExampleText {
  private ExampleText() {}

  /** Refuses the first text among {@code examples} if the model in {@code directory} reads none. */
  static void requireTokenizer(Examples examples, Path directory) throws IOException {
    if (Pretrained.hasTokenizer(directory)) {
      return;
    }
    examples.forEach(
        example -> {
          if (!example.tokenised()) {
            throw new IllegalArgumentException(
                "%s: is text, and %s has no tokenizer; give one with --tokenizer DIR, or data with"
                        .formatted(example.origin(), directory)
                    + " input_ids");
          }
        });
  }
}
