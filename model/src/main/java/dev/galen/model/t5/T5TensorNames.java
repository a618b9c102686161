package dev.galen.model.t5;

import dev.galen.model.hf.TensorNames;
import dev.galen.tensor.io.TensorEntry;
import dev.galen.tensor.io.TensorFiles;
import java.util.LinkedHashMap;
import java.util.Set;

/**
 * The spellings of T5's tensors in the wild: the token embedding under up to four names, a head
 * that is the embedding or another, and a bias of the decoder's attention over the encoder that no
 * version ever used.
 */
final class T5TensorNames {
  private static final String EMBEDDING = "shared.weight";
  private static final String HEAD = "lm_head.weight";
  private static final Set<String> EMBEDDING_AGAIN =
      Set.of("encoder.embed_tokens.weight", "decoder.embed_tokens.weight");
  private static final String UNUSED = ".EncDecAttention.relative_attention_bias.weight";

  /** What a tensor of ours begins with; transformers steps over heads for other tasks. */
  private static final Set<String> ROOTS = Set.of("shared", "encoder", "decoder");

  private T5TensorNames() {}

  /** A head of its own, with other values than the embedding, counts whatever the config says. */
  static TensorNames<T5Config> of(TensorFiles files, T5Config config) {
    var names = new LinkedHashMap<String, String>();
    String embedding = embedding(files);
    if (embedding != null) {
      names.put(EMBEDDING, embedding);
    }
    for (TensorEntry entry : files.entries().values()) {
      String name = entry.name();
      String root = name.substring(0, Math.max(0, name.indexOf('.')));
      if (ROOTS.contains(root) && !EMBEDDING_AGAIN.contains(name) && !name.endsWith(UNUSED)) {
        names.put(name, name);
      }
    }
    boolean own =
        embedding != null
            && !embedding.equals(HEAD)
            && files.entries().containsKey(HEAD)
            && files.segment(HEAD).mismatch(files.segment(embedding)) >= 0;
    if (own) {
      names.put(HEAD, HEAD);
    }
    return new TensorNames<>(config.withTiedHead(!own), names);
  }

  /** The name under which the files have the token embedding, or null. */
  private static String embedding(TensorFiles files) {
    for (String name : new String[] {EMBEDDING, "encoder.embed_tokens.weight", HEAD}) {
      if (files.entries().containsKey(name)) {
        return name;
      }
    }
    return null;
  }
}
