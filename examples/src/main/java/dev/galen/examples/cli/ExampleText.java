package dev.galen.examples.cli;

import dev.galen.model.pretrained.Pretrained;
import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.data.PromptExample;
import dev.galen.train.data.PromptTemplate;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.TextExample;
import dev.galen.train.data.TokenExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

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
          if (!(example instanceof TokenExample)) {
            throw new IllegalArgumentException(
                "%s: is text, and %s has no tokenizer; give one with --tokenizer DIR, or data with"
                        .formatted(example.origin(), directory)
                    + " input_ids");
          }
        });
  }

  static Stream<String> of(Example example) {
    return switch (example) {
      case QuestionExample e ->
          Stream.of(
              PromptTemplate.prompt(e.question(), e.context()) + PromptTemplate.completion(e));
      case PromptExample e -> Stream.of(e.prompt() + e.completion());
      case TextExample e -> Stream.of(e.text());
      case TokenExample e ->
          throw new IllegalArgumentException(
              e.origin() + ": tokenised data hold no text; give the tokenizer with --tokenizer");
    };
  }
}
