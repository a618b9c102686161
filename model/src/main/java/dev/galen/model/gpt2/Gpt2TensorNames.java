package dev.galen.model.gpt2;

import dev.galen.model.hf.TensorNames;
import dev.galen.tensor.io.TensorEntry;
import dev.galen.tensor.io.TensorFiles;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The spellings of GPT-2's tensors in the wild: with the prefix {@code transformer.} (transformers)
 * or without it (OpenAI's conversion), with the causal masks that old versions saved, with a tied
 * matrix under either of its names or under both, and with heads for other tasks and other tensors
 * beside them.
 */
final class Gpt2TensorNames {
  private static final String PREFIX = "transformer.";
  private static final String EMBEDDING = "wte.weight";
  private static final String HEAD = "lm_head.weight";
  static final String CLASSIFIER_HEAD = "score.weight";

  /**
   * What a tensor of ours begins with, behind the prefix. One that begins otherwise, such as the
   * second head of transformers' GPT2DoubleHeadsModel or a value head, no model here would use, and
   * transformers steps over it; one of a layer that config.json does not have changes the result.
   */
  private static final Set<String> ROOTS = Set.of("wte", "wpe", "h", "ln_f", "lm_head", "score");

  private Gpt2TensorNames() {}

  /**
   * Those of a language model. Where both names of a tied matrix are there with different values,
   * transformers ties nothing, and neither do we.
   */
  static TensorNames<Gpt2Config> ofLanguageModel(TensorFiles files, Gpt2Config config) {
    if (files.entries().containsKey(CLASSIFIER_HEAD)) {
      throw new IllegalArgumentException(
          "holds a classifier (there is a %s), this needs a language model"
              .formatted(CLASSIFIER_HEAD));
    }
    boolean tied = config.tiedHead() && !hasHeadOfItsOwn(files);
    return new TensorNames<>(config.withTiedHead(tied), of(files, tied, !tied));
  }

  /** Those of a classifier, which has no use for a language model's head. */
  static TensorNames<Gpt2Config> ofClassifier(TensorFiles files, Gpt2Config config) {
    return new TensorNames<>(config, of(files, config.tiedHead(), false));
  }

  /** Those of the trunk alone, which has no prefix. */
  static TensorNames<Gpt2Config> ofTrunk(TensorFiles files, Gpt2Config config) {
    var names = new LinkedHashMap<String, String>();
    of(files, config.tiedHead(), false)
        .forEach(
            (path, name) -> {
              if (path.startsWith(PREFIX)) {
                names.put(path.substring(PREFIX.length()), name);
              }
            });
    return new TensorNames<>(config, names);
  }

  private static boolean hasHeadOfItsOwn(TensorFiles files) {
    String embedding = (isPrefixed(files) ? PREFIX : "") + EMBEDDING;
    return files.entries().containsKey(HEAD)
        && files.entries().containsKey(embedding)
        && files.segment(HEAD).mismatch(files.segment(embedding)) >= 0;
  }

  /**
   * From the model's paths to the files' names, without what is to be ignored.
   *
   * @param tied whether the head is the token embedding, so that either name will do
   * @param ownHead whether the model has a language model's head of its own
   */
  private static Map<String, String> of(TensorFiles files, boolean tied, boolean ownHead) {
    boolean prefixed = isPrefixed(files);
    var names = new LinkedHashMap<String, String>();
    for (TensorEntry entry : files.entries().values()) {
      String name = entry.name();
      if (isMask(entry) || isOfAnother(name) || (!ownHead && name.equals(HEAD))) {
        continue;
      }
      boolean isHead = name.startsWith("lm_head.") || name.startsWith("score.");
      names.put(prefixed || isHead ? name : PREFIX + name, name);
    }
    if (tied && files.entries().containsKey(HEAD)) {
      names.putIfAbsent(PREFIX + EMBEDDING, HEAD);
    }
    return names;
  }

  private static boolean isPrefixed(TensorFiles files) {
    return files.entries().keySet().stream().anyMatch(name -> name.startsWith(PREFIX));
  }

  private static boolean isOfAnother(String name) {
    String bare = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    int dot = bare.indexOf('.');
    return !ROOTS.contains(dot < 0 ? bare : bare.substring(0, dot));
  }

  private static boolean isMask(TensorEntry entry) {
    return entry.name().endsWith(".attn.masked_bias")
        || (entry.name().endsWith(".attn.bias") && entry.shape().rank() == 4);
  }
}
