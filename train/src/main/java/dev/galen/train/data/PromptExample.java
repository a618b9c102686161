package dev.galen.train.data;

import java.util.Objects;

/**
 * A prompt and its completion, given to the model exactly as they stand: no template, no space in
 * between.
 *
 * @param prompt what the model is shown
 * @param completion what it learns to say next
 * @param origin where the record comes from
 */
public record PromptExample(String prompt, String completion, Origin origin) implements Example {

  /** Checks that nothing is null. */
  public PromptExample {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(completion, "completion");
    Objects.requireNonNull(origin, "origin");
  }

  /** A record made in the program. */
  public PromptExample(String prompt, String completion) {
    this(prompt, completion, Origin.MEMORY);
  }

  /** The prompt. */
  @Override
  public String key() {
    return prompt;
  }

  /** The prompt with its completion. */
  @Override
  public String text() {
    return prompt + completion;
  }
}
