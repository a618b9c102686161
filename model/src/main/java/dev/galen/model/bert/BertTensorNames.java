package dev.galen.model.bert;

import dev.galen.model.hf.Head;
import dev.galen.model.hf.TensorNames;
import dev.galen.tensor.io.TensorEntry;
import dev.galen.tensor.io.TensorFiles;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The spellings of BERT's tensors in the wild: with the prefix {@code bert.} or, saved without a
 * head, without it; with {@code gamma} and {@code beta} for the weight and bias of a LayerNorm, as
 * in conversions from TensorFlow; with the positions that old versions saved; with the heads that
 * BERT was pretrained with, or a pooler that a model has no use for. Transformers steps over what a
 * model does not have, and so do we.
 */
final class BertTensorNames {
  private static final String PREFIX = "bert.";
  private static final String HEAD = "cls.predictions.";
  private static final String DECODER = HEAD + "decoder.weight";
  private static final String DECODER_BIAS = HEAD + "decoder.bias";
  private static final String BIAS = HEAD + "bias";
  private static final String EMBEDDING = "embeddings.word_embeddings.weight";
  private static final String POSITIONS = "embeddings.position_ids";

  /** What the encoder's tensors begin with, behind the prefix. */
  private static final Set<String> ENCODER = Set.of("embeddings", "encoder", "pooler");

  private final TensorFiles files;
  private final BertConfig config;

  BertTensorNames(TensorFiles files, BertConfig config) {
    this.files = files;
    this.config = config;
  }

  /** Those of a model with {@code head}. */
  TensorNames<BertConfig> of(Head<BertConfig, ?> head) {
    boolean masked = head.equals(BertArchitecture.MASKED_LM);
    boolean alone = head.equals(BertArchitecture.ENCODER);
    boolean pooled = head.equals(BertArchitecture.CLASSIFIER) || (alone && has("pooler."));
    boolean tied = config.tiedHead() && !(masked && hasHeadOfItsOwn());
    var names = new LinkedHashMap<String, String>();
    for (TensorEntry entry : files.entries().values()) {
      String path = path(entry.name());
      String root = path.substring(0, Math.max(0, path.indexOf('.')));
      if (ENCODER.contains(root)) {
        if (!path.equals(POSITIONS) && (pooled || !root.equals("pooler"))) {
          names.put(alone ? path : PREFIX + path, entry.name());
        }
      } else if (masked ? path.startsWith(HEAD) : root.equals("classifier") && !alone) {
        names.put(path, entry.name());
      }
    }
    if (masked) {
      nameHead(names, tied);
    }
    return new TensorNames<>(config.withTiedHead(tied).withPooler(pooled), names);
  }

  /** A tied head is the embedding, and has one bias under either of its names. */
  private static void nameHead(Map<String, String> names, boolean tied) {
    String bias = names.getOrDefault(BIAS, names.get(DECODER_BIAS));
    if (bias != null) {
      names.putIfAbsent(BIAS, bias);
      names.putIfAbsent(DECODER_BIAS, bias);
    }
    if (tied) {
      names.remove(DECODER);
      names.remove(DECODER_BIAS);
    }
  }

  /** The path of a tensor below {@code BertModel}, or of a head. */
  private static String path(String name) {
    String bare = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    if (bare.endsWith("LayerNorm.gamma")) {
      return bare.substring(0, bare.length() - "gamma".length()) + "weight";
    }
    return bare.endsWith("LayerNorm.beta")
        ? bare.substring(0, bare.length() - "beta".length()) + "bias"
        : bare;
  }

  private boolean has(String beginning) {
    return files.entries().keySet().stream().anyMatch(name -> path(name).startsWith(beginning));
  }

  private boolean hasHeadOfItsOwn() {
    String embedding = files.entries().containsKey(EMBEDDING) ? EMBEDDING : PREFIX + EMBEDDING;
    return files.entries().containsKey(DECODER)
        && files.entries().containsKey(embedding)
        && files.segment(DECODER).mismatch(files.segment(embedding)) >= 0;
  }
}
