package dev.galen.model.engine;

/**
 * Is told of a request's texts, as they are made. Called on the engine's own thread, for which
 * everybody waits: it must not block, so hand on to a queue what takes time. If it throws, its
 * request is cancelled, and nobody else notices.
 */
public interface TokenListener {
  /** Hears nothing. */
  TokenListener NONE = token -> {};

  /** A token of one of the texts. Where the best of more texts are wanted, all come at the end. */
  void onToken(GeneratedToken token);

  /** One of the texts has come to its end; no more tokens of it follow. */
  default void onEnd(SequenceEnd end) {}

  /** All have; called once, last, and by no other thread if the request never ran. */
  default void onDone(GenerationUsage usage) {}
}
