package dev.galen.model.pretrained;

import dev.galen.tensor.io.TensorEntry;
import dev.galen.tensor.io.TensorFiles;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The spellings of GPT-2's tensors in the wild: with the prefix {@code transformer.} (transformers)
 * or without it (OpenAI's conversion), with the causal masks that old versions saved, and with a
 * copy of the tied head.
 */
final class Gpt2Names {
  private static final String PREFIX = "transformer.";

  private Gpt2Names() {}

  /** From the model's paths to the files' names, without what is to be ignored. */
  static Map<String, String> of(TensorFiles files, boolean tiedHead) {
    boolean prefixed = files.entries().keySet().stream().anyMatch(n -> n.startsWith(PREFIX));
    var names = new LinkedHashMap<String, String>();
    for (TensorEntry entry : files.entries().values()) {
      String name = entry.name();
      if (isMask(entry) || (tiedHead && name.equals("lm_head.weight"))) {
        continue;
      }
      boolean isHead = name.startsWith("lm_head.") || name.startsWith("score.");
      names.put(prefixed || isHead ? name : PREFIX + name, name);
    }
    return names;
  }

  private static boolean isMask(TensorEntry entry) {
    return entry.name().endsWith(".attn.masked_bias")
        || (entry.name().endsWith(".attn.bias") && entry.shape().rank() == 4);
  }
}
