package dev.galen.model;

import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import java.util.Set;

/**
 * A model that writes a text token by token, each from those before it: what generation knows of
 * {@link CausalLm} and {@link Seq2SeqLm}. The two differ in how a cache begins: empty, or with the
 * encoded text beside.
 */
public interface Generative {
  /**
   * Logits of the token after the last one; extends {@code cache} by the given positions.
   *
   * @param ids I32 {@code [B, T]}: what follows the cached positions
   * @return {@code [B, V]}
   */
  Tensor next(Tensor ids, KvCache cache);

  /** The ids that end a text, each of them; none until a config or a directory names some. */
  Set<Integer> endOfTextIds();

  /** What ends a text from now on: a directory names more than its config does. */
  void setEndOfTextIds(Set<Integer> ids);

  /** The number of positions that texts were made for. */
  int contextLength();

  /** The largest number of positions of a text that is written: see {@link Model#maxLength}. */
  int maxLength();

  /** V: ids lie below it. */
  int vocabularySize();

  /** Where it computes. */
  Backend backend();
}
