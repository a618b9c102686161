package dev.galen.train.preference;

import dev.galen.model.CausalLm;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.train.data.TokenSequence;
import java.util.Arrays;

/**
 * A prompt and a completion of it.
 *
 * @param ids of both, the prompt first
 * @param prompt how many of them are the prompt's, at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record Completion(int[] ids, int prompt) {

  /** Refuses a prompt without a token and a completion without one. */
  public Completion {
    if (prompt < 1 || prompt >= ids.length) {
      throw new IllegalArgumentException(
          ("a preference needs a prompt and a completion of at least one token each, got %d tokens"
                  + " of which %d are the prompt's")
              .formatted(ids.length, prompt));
    }
  }

  /** The ids of a prompt and a completion. */
  public static Completion of(int[] prompt, int[] completion) {
    int[] ids = Arrays.copyOf(prompt, prompt.length + completion.length);
    System.arraycopy(completion, 0, ids, prompt.length, completion.length);
    return new Completion(ids, prompt.length);
  }

  /** How many tokens the completion has. */
  public int length() {
    return ids.length - prompt;
  }

  /**
   * {@code -Σ ln p(token | tokens before it)} over the completion's tokens, in nats:
   * differentiable, with the gradient of the model's own loss.
   *
   * @return a scalar
   */
  public Tensor negativeLogProbability(CausalLm model) {
    int[] labels = ids.clone();
    Arrays.fill(labels, 0, prompt, TokenSequence.IGNORE_INDEX);
    return model.loss(
        Tensors.of(model.backend(), ids, 1, ids.length),
        Tensors.of(model.backend(), labels, 1, ids.length),
        1);
  }
}
