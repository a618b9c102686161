package dev.galen.examples.cli;

import dev.galen.train.data.Example;
import dev.galen.train.data.PromptExample;
import dev.galen.train.data.PromptTemplate;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.TextExample;
import dev.galen.train.data.TokenExample;
import java.util.stream.Stream;

/** The texts inside of examples, as the model will see them. */
final class ExampleText {
  private ExampleText() {}

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
