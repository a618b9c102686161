package dev.galen.model.engine;

import java.util.List;

/**
 * A token that was made.
 *
 * @param sequence of which of the request's texts, from 0
 * @param id of the token; one that ends the text comes, too
 * @param logProbability by the model's own logits, before any setting changes them, in nats; NaN
 *     where the request does not ask for it
 * @param top the likeliest tokens at this place, the likeliest first and of equals the lower id; as
 *     many as the request asks for
 */
public record GeneratedToken(
    int sequence, int id, double logProbability, List<TokenAlternative> top) {
  /** Keeps its own copy. */
  public GeneratedToken {
    top = List.copyOf(top);
  }
}
