package dev.galen.bench;

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

/** Models with random weights, of shapes that a {@code config.json} gives to both sides. */
public enum RandomFamily {
  /** BERT-base, cased, as a masked language model: 108M parameters. */
  BERT(
      MaskedLm.class,
      512 * 768,
      """
      {"model_type": "bert", "vocab_size": 28996, "hidden_size": 768, "num_hidden_layers": 12,
       "num_attention_heads": 12, "intermediate_size": 3072, "max_position_embeddings": 512,
       "type_vocab_size": 2, "hidden_act": "gelu", "hidden_dropout_prob": 0.0,
       "attention_probs_dropout_prob": 0.0, "pad_token_id": 0}
      """),
  /** T5-small: 60M parameters, its embedding shared by both sides and the head. */
  T5(
      Seq2SeqLm.class,
      0,
      """
      {"model_type": "t5", "vocab_size": 32128, "d_model": 512, "d_kv": 64, "d_ff": 2048,
       "num_layers": 6, "num_decoder_layers": 6, "num_heads": 8,
       "relative_attention_num_buckets": 32, "relative_attention_max_distance": 128,
       "feed_forward_proj": "relu", "dropout_rate": 0.0, "layer_norm_epsilon": 1e-06,
       "is_encoder_decoder": true, "tie_word_embeddings": true, "decoder_start_token_id": 0,
       "pad_token_id": 0, "eos_token_id": 1}
      """),
  /** A LLaMA of 12 layers and 768 channels: 134M parameters, head and embedding apart. */
  LLAMA(
      CausalLm.class,
      32_000 * 768,
      """
      {"model_type": "llama", "vocab_size": 32000, "hidden_size": 768, "num_hidden_layers": 12,
       "num_attention_heads": 12, "num_key_value_heads": 12, "intermediate_size": 2048,
       "max_position_embeddings": 2048, "hidden_act": "silu", "rms_norm_eps": 1e-05,
       "rope_theta": 10000.0, "attention_bias": false, "attention_dropout": 0.0,
       "tie_word_embeddings": false, "bos_token_id": 1, "eos_token_id": 2}
      """);

  private final Class<? extends Model> role;
  private final long lookedUp;
  private final String json;

  RandomFamily(Class<? extends Model> role, long lookedUp, String json) {
    this.role = role;
    this.lookedUp = lookedUp;
    this.json = json;
  }

  /** The shape as a config.json. */
  public String json() {
    return json;
  }

  /** The shape. */
  public ModelConfig config() {
    try {
      Path file = Files.createTempFile("galen-bench", ".json");
      try {
        return Architectures.readNew(Files.writeString(file, json));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same weights each time, in F32 on the CPU. */
  public Model create() {
    return Architectures.create(
        config(), role, Weights.initialised(Device.CPU, new Philox(1)), new Philox(1));
  }

  /** Weights that a token is multiplied with: all, but for an embedding that is no head. */
  public double multiplied() {
    return config().parameterCount() - lookedUp;
  }
}
