package dev.galen.examples.clinical.trust;

import dev.galen.model.Model;
import dev.galen.model.SequenceClassifier;
import dev.galen.tokenizer.Encoding;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A text as a model sees it: a classifier sees its beginning, as in training, a language model its
 * end.
 *
 * @param text the text
 * @param ids its tokens, those around it included
 * @param starts where each token begins in the text
 * @param ends where each token ends
 * @param around whether a token is put around the text, and is no part of it
 * @param left how many tokens the model does not see, because the text is too long
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
record EncodedText(String text, int[] ids, int[] starts, int[] ends, boolean[] around, int left) {
  static EncodedText of(String text, Tokenizer tokenizer, Model model) {
    Encoding all;
    try {
      all = tokenizer.encode(text, SpecialTokens.TEXT, true);
    } catch (UnsupportedOperationException e) {
      throw new IllegalArgumentException(
          "this model's tokenizer does not say where its tokens stand, which explanations need", e);
    }
    if (all.size() == 0) {
      throw new IllegalArgumentException("the text has no tokens");
    }
    int kept = Math.min(all.size(), model.contextLength());
    int from = model instanceof SequenceClassifier ? 0 : all.size() - kept;
    int to = from + kept;
    return new EncodedText(
        text,
        Arrays.copyOfRange(all.ids(), from, to),
        Arrays.copyOfRange(all.starts(), from, to),
        Arrays.copyOfRange(all.ends(), from, to),
        Arrays.copyOfRange(all.special(), from, to),
        all.size() - kept);
  }

  int size() {
    return ids.length;
  }

  /** The places of tokens that are parts of the text. */
  int[] own() {
    return IntStream.range(0, ids.length).filter(t -> !around[t]).toArray();
  }

  /** What a token stands for: its text, or its name where it stands around it. */
  String token(int t, Tokenizer tokenizer) {
    return around[t] ? tokenizer.token(ids[t]) : text.substring(starts[t], ends[t]);
  }
}
