package dev.galen.train.data;

import java.util.Objects;

/**
 * A prompt with two completions of it, as they stand: no template, no space in between.
 *
 * @param prompt what the model is shown
 * @param chosen the better completion
 * @param rejected the worse one
 * @param origin where the record comes from
 */
public record PreferenceExample(String prompt, String chosen, String rejected, Origin origin)
    implements Example {

  /** Checks that nothing is null. */
  public PreferenceExample {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(chosen, "chosen");
    Objects.requireNonNull(rejected, "rejected");
    Objects.requireNonNull(origin, "origin");
  }

  /** The prompt: all its pairs stay in one part. */
  @Override
  public String key() {
    return prompt;
  }

  /** The prompt with the better completion, and the worse one. */
  @Override
  public String text() {
    return prompt + chosen + "\n" + rejected;
  }
}
