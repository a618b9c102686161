package dev.galen.model.testing;

import dev.galen.model.CausalLm;
import dev.galen.model.MaskedLm;
import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.tensor.Device;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model of each architecture beside GPT-2, two layers of 48 channels, with random weights. */
public enum TinyFamily {
  /** Grouped heads, the head apart. */
  LLAMA(
      CausalLm.class,
      """
      {"model_type": "llama", "vocab_size": 97, "hidden_size": 48, "num_hidden_layers": 2,
       "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 96,
       "max_position_embeddings": 320, "tie_word_embeddings": false, "initializer_range": 0.2}
      """),
  /** Two of four experts, with the loss of the router. */
  MIXTRAL(
      CausalLm.class,
      """
      {"model_type": "mixtral", "vocab_size": 97, "hidden_size": 48, "num_hidden_layers": 2,
       "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 64,
       "num_local_experts": 4, "num_experts_per_tok": 2, "output_router_logits": true,
       "max_position_embeddings": 320, "initializer_range": 0.2}
      """),
  /** As the sizes that users have. */
  OPT(
      CausalLm.class,
      """
      {"model_type": "opt", "vocab_size": 97, "hidden_size": 48, "num_hidden_layers": 2,
       "num_attention_heads": 4, "ffn_dim": 96, "word_embed_proj_dim": 48, "dropout": 0.0,
       "max_position_embeddings": 320, "init_std": 0.2}
      """),
  /** A masked language model. */
  BERT(
      MaskedLm.class,
      """
      {"model_type": "bert", "vocab_size": 97, "hidden_size": 48, "num_hidden_layers": 2,
       "num_attention_heads": 4, "intermediate_size": 96, "max_position_embeddings": 320,
       "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, "initializer_range": 0.2}
      """),
  /** Version 1.1: gated, the head apart. */
  T5(
      Seq2SeqLm.class,
      """
      {"model_type": "t5", "vocab_size": 97, "d_model": 48, "d_kv": 12, "d_ff": 96,
       "num_layers": 2, "num_heads": 4, "feed_forward_proj": "gated-gelu", "dropout_rate": 0.0,
       "tie_word_embeddings": false, "decoder_start_token_id": 0, "pad_token_id": 0}
      """);

  /** V. */
  public static final int VOCABULARY = 97;

  private final Class<? extends Model> role;
  private final String json;

  TinyFamily(Class<? extends Model> role, String json) {
    this.role = role;
    this.json = json;
  }

  /** Its config.json. */
  public String json() {
    return json;
  }

  /** The shape. */
  public ModelConfig config() {
    try {
      Path file = Files.createTempFile("tiny", ".json");
      try {
        return Architectures.readNew(Files.writeString(file, json));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same weights each time. */
  public Model create(Device device) {
    return create(Weights.initialised(device, new Philox(7)));
  }

  /** Of given weights. */
  public Model create(Weights weights) {
    return Architectures.create(config(), role, weights, new Philox(1));
  }
}
