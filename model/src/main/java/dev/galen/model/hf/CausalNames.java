package dev.galen.model.hf;

import dev.galen.tensor.io.TensorFiles;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How files spell the tensors of a causal model: with the prefix of its trunk, or without where the
 * trunk alone was saved, with a tied matrix under either of its names or under both, and with
 * buffers and heads of other models beside them.
 *
 * @param prefix of the trunk in a model with a head: {@code model.}
 * @param embedding the token embedding's path, with the prefix
 * @param roots what a tensor of the trunk begins with, behind the prefix; others are no model's
 *     here and stepped over, as transformers does
 * @param isBuffer whether a name is that of something that is not learned
 */
public record CausalNames(
    String prefix, String embedding, Set<String> roots, Predicate<String> isBuffer) {
  /** A language model's head. */
  public static final String HEAD = "lm_head.weight";

  /** A text classifier's head. */
  public static final String CLASSIFIER_HEAD = "score.weight";

  /**
   * Whether a language model's head is the token embedding: so says the config, and the files have
   * no other. Where they have both with different values, transformers ties nothing, and neither do
   * we.
   *
   * @throws IllegalArgumentException if the files hold a classifier
   */
  public boolean ties(TensorFiles files, boolean configured) {
    if (files.entries().containsKey(CLASSIFIER_HEAD)) {
      throw new IllegalArgumentException(
          "holds a classifier (there is a %s), this needs a language model"
              .formatted(CLASSIFIER_HEAD));
    }
    return configured && !hasHeadOfItsOwn(files);
  }

  private boolean hasHeadOfItsOwn(TensorFiles files) {
    String name = isPrefixed(files) ? embedding : embedding.substring(prefix.length());
    return files.entries().containsKey(HEAD)
        && files.entries().containsKey(name)
        && files.segment(HEAD).mismatch(files.segment(name)) >= 0;
  }

  /**
   * From a language model's paths to the files' names.
   *
   * @param tied whether its head is the token embedding, so that either name will do
   */
  public Map<String, String> ofLanguageModel(TensorFiles files, boolean tied) {
    Map<String, String> names = names(files, tied ? "" : HEAD);
    if (tied && files.entries().containsKey(HEAD)) {
      names.putIfAbsent(embedding, HEAD);
    }
    return names;
  }

  /** From a classifier's paths to the files' names; it has no use for a language model's head. */
  public Map<String, String> ofClassifier(TensorFiles files) {
    return names(files, CLASSIFIER_HEAD);
  }

  /** From the paths of the trunk alone, which have no prefix, to the files' names. */
  public Map<String, String> ofTrunk(TensorFiles files) {
    var names = new LinkedHashMap<String, String>();
    names(files, "")
        .forEach(
            (path, name) ->
                names.put(path.startsWith(prefix) ? path.substring(prefix.length()) : path, name));
    return names;
  }

  private Map<String, String> names(TensorFiles files, String head) {
    boolean prefixed = isPrefixed(files);
    var names = new LinkedHashMap<String, String>();
    for (String name : files.entries().keySet()) {
      if (name.equals(head)) {
        names.put(name, name);
        continue;
      }
      String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
      int dot = bare.indexOf('.');
      if (roots.contains(dot < 0 ? bare : bare.substring(0, dot)) && !isBuffer.test(name)) {
        names.put(prefixed ? name : prefix + name, name);
      }
    }
    return names;
  }

  private boolean isPrefixed(TensorFiles files) {
    return files.entries().keySet().stream().anyMatch(name -> name.startsWith(prefix));
  }
}
