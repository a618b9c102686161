package dev.galen.model.pretrained;

import dev.galen.tensor.io.TensorEntry;
import dev.galen.tensor.io.TensorFiles;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The spellings of GPT-2's tensors in the wild: with the prefix {@code transformer.} (transformers)
 * or without it (OpenAI's conversion), with the causal masks that old versions saved, and with a
 * copy of the tied head.
 */
final class Gpt2Names {
  private static final String PREFIX = "transformer.";
  private static final String HEAD = "lm_head.weight";

  /** What a file's language model head is to the model that is loaded. */
  enum Head {
    /** A parameter of its own. */
    OWN,
    /** A copy of the token embedding. */
    TIED,
    /** Nothing: a classifier has another head. */
    UNUSED
  }

  private Gpt2Names() {}

  /** From the model's paths to the files' names, without what is to be ignored. */
  static Map<String, String> of(TensorFiles files, Head head) throws IOException {
    boolean prefixed = files.entries().keySet().stream().anyMatch(n -> n.startsWith(PREFIX));
    if (head == Head.TIED) {
      requireCopy(files, (prefixed ? PREFIX : "") + "wte.weight");
    }
    var names = new LinkedHashMap<String, String>();
    for (TensorEntry entry : files.entries().values()) {
      String name = entry.name();
      if (isMask(entry) || (head != Head.OWN && name.equals(HEAD))) {
        continue;
      }
      boolean isHead = name.startsWith("lm_head.") || name.startsWith("score.");
      names.put(prefixed || isHead ? name : PREFIX + name, name);
    }
    return names;
  }

  /** Transformers would use such a head in spite of the config, or not, by its version. */
  private static void requireCopy(TensorFiles files, String embedding) throws IOException {
    if (files.entries().containsKey(HEAD)
        && files.entries().containsKey(embedding)
        && files.segment(HEAD).mismatch(files.segment(embedding)) >= 0) {
      throw new IOException(
          "%s: %s is no copy of %s, but config.json ties them; set tie_word_embeddings to false"
              .formatted(files.path(), HEAD, embedding));
    }
  }

  private static boolean isMask(TensorEntry entry) {
    return entry.name().endsWith(".attn.masked_bias")
        || (entry.name().endsWith(".attn.bias") && entry.shape().rank() == 4);
  }
}
