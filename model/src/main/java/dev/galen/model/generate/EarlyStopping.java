package dev.galen.model.generate;

/** When a beam search that has its finished texts stops: HuggingFace's {@code early_stopping}. */
public enum EarlyStopping {
  /** At once: {@code true}. */
  AT_ONCE,
  /** When the best running text, were it to end here, would not beat them: {@code false}. */
  UNLIKELY,
  /** When no running text can beat them, at the length that suits it best: {@code "never"}. */
  IMPOSSIBLE
}
