package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code galen inspect} of published models, from their config.json alone. */
class InspectTest {
  private static final String LLAMA_2_7B =
      """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 32000,
       "hidden_size": 4096, "intermediate_size": 11008, "num_hidden_layers": 32,
       "num_attention_heads": 32, "num_key_value_heads": 32, "max_position_embeddings": 4096,
       "hidden_act": "silu", "rms_norm_eps": 1e-05, "rope_scaling": null,
       "tie_word_embeddings": false, "bos_token_id": 1, "eos_token_id": 2, "pretraining_tp": 1,
       "torch_dtype": "float16", "transformers_version": "4.31.0.dev0", "use_cache": true}
      """;

  private static final String LLAMA_2_70B =
      """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 32000,
       "hidden_size": 8192, "intermediate_size": 28672, "num_hidden_layers": 80,
       "num_attention_heads": 64, "num_key_value_heads": 8, "max_position_embeddings": 4096,
       "hidden_act": "silu", "rms_norm_eps": 1e-05, "rope_scaling": null,
       "tie_word_embeddings": false, "torch_dtype": "float16"}
      """;

  private static final String MISTRAL_7B_02 =
      """
      {"architectures": ["MistralForCausalLM"], "model_type": "mistral", "vocab_size": 32000,
       "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
       "num_attention_heads": 32, "num_key_value_heads": 8, "max_position_embeddings": 32768,
       "hidden_act": "silu", "rms_norm_eps": 1e-05, "rope_theta": 1000000.0,
       "sliding_window": null, "tie_word_embeddings": false, "torch_dtype": "bfloat16"}
      """;

  private static final String MIXTRAL_8X7B =
      """
      {"architectures": ["MixtralForCausalLM"], "model_type": "mixtral", "vocab_size": 32000,
       "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
       "num_attention_heads": 32, "num_key_value_heads": 8, "max_position_embeddings": 32768,
       "hidden_act": "silu", "num_experts_per_tok": 2, "num_local_experts": 8,
       "output_router_logits": false, "rms_norm_eps": 1e-05, "rope_theta": 1000000.0,
       "router_aux_loss_coef": 0.02, "sliding_window": null, "tie_word_embeddings": false}
      """;

  private static final String QWEN_15_72B =
      """
      {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": 152064,
       "hidden_size": 8192, "intermediate_size": 24576, "num_hidden_layers": 80,
       "num_attention_heads": 64, "num_key_value_heads": 64, "max_position_embeddings": 32768,
       "max_window_layers": 70, "sliding_window": 32768, "use_sliding_window": false,
       "hidden_act": "silu", "rms_norm_eps": 1e-06, "rope_theta": 1000000.0,
       "tie_word_embeddings": false, "torch_dtype": "bfloat16"}
      """;

  private static final String OPT_13B =
      """
      {"architectures": ["OPTForCausalLM"], "model_type": "opt", "vocab_size": 50272,
       "hidden_size": 2048, "ffn_dim": 8192, "num_hidden_layers": 24, "num_attention_heads": 32,
       "max_position_embeddings": 2048, "word_embed_proj_dim": 2048, "activation_function": "relu",
       "do_layer_norm_before": true, "_remove_final_layer_norm": false, "layerdrop": 0.0,
       "init_std": 0.02, "prefix": "</s>", "pad_token_id": 1, "bos_token_id": 2, "eos_token_id": 2}
      """;

  private static final String LLAMA_32_1B =
      """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 128256,
       "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16, "head_dim": 64,
       "num_attention_heads": 32, "num_key_value_heads": 8, "max_position_embeddings": 131072,
       "hidden_act": "silu", "rms_norm_eps": 1e-05, "rope_theta": 500000.0, "mlp_bias": false,
       "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
         "original_max_position_embeddings": 8192, "rope_type": "llama3"},
       "tie_word_embeddings": true, "torch_dtype": "bfloat16", "transformers_version": "4.45.0"}
      """;

  private static final String T5_SMALL =
      """
      {"architectures": ["T5ForConditionalGeneration"], "d_ff": 2048, "d_kv": 64, "d_model":
       512, "decoder_start_token_id": 0, "dropout_rate": 0.1, "eos_token_id": 1,
       "initializer_factor": 1.0, "is_encoder_decoder": true, "layer_norm_epsilon": 1e-06,
       "model_type": "t5", "n_positions": 512, "num_heads": 8, "num_layers": 6, "output_past":
       true, "pad_token_id": 0, "relative_attention_num_buckets": 32, "vocab_size": 32128}
      """;

  private static final String T5_V1_1_SMALL =
      """
      {"architectures": ["T5ForConditionalGeneration"], "d_ff": 1024, "d_kv": 64, "d_model": 512,
       "decoder_start_token_id": 0, "dropout_rate": 0.1, "eos_token_id": 1, "feed_forward_proj":
       "gated-gelu", "model_type": "t5", "num_decoder_layers": 8, "num_heads": 6, "num_layers": 8,
       "pad_token_id": 0, "relative_attention_num_buckets": 32, "tie_word_embeddings": false,
       "vocab_size": 32128}
      """;

  private static final String BERT_BASE_CASED =
      """
      {"architectures": ["BertModel"], "attention_probs_dropout_prob": 0.1,
       "gradient_checkpointing": false, "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
       "hidden_size": 768, "initializer_range": 0.02, "intermediate_size": 3072,
       "layer_norm_eps": 1e-12, "max_position_embeddings": 512, "model_type": "bert",
       "num_attention_heads": 12, "num_hidden_layers": 12, "pad_token_id": 0,
       "position_embedding_type": "absolute", "transformers_version": "4.6.0.dev0",
       "type_vocab_size": 2, "use_cache": true, "vocab_size": 28996}
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "LLAMA_2_7B, 6738415616",
    "LLAMA_2_70B, 68976648192",
    "MISTRAL_7B_02, 7241732096",
    "MIXTRAL_8X7B, 46702792704",
    "QWEN_15_72B, 72287920128",
    "OPT_13B, 1315758080",
    "LLAMA_32_1B, 1235814400",
    "T5_SMALL, 60506624",
    "T5_V1_1_SMALL, 76961152", // the head apart
    "BERT_BASE_CASED, 108310272"
  })
  void parametersAreCountedExactly(String model, long parameters) throws Exception {
    String config = (String) InspectTest.class.getDeclaredField(model).get(null);
    JsonNode json = inspect(config);
    assertEquals(parameters, json.get("parameters").longValue());
    long shapes = 0;
    for (JsonNode shape : json.get("shapes")) {
      long size = 1;
      for (JsonNode dim : shape) {
        size *= dim.intValue();
      }
      shapes += size;
    }
    assertEquals(parameters, shapes);
    assertEquals(4 * parameters, json.at("/memory/load/f32").longValue());
    assertEquals(16 * parameters, json.at("/memory/fine_tune").longValue());
  }

  /**
   * 65 norms of 4096 stay F32; INT8 has a scale of four bytes for 64 weights; PEFT counts alike.
   */
  @Test
  void memoryIsThatOfWeightsGradientsAndMoments() throws IOException {
    JsonNode memory = inspect(LLAMA_2_7B).get("memory");
    long norms = 65 * 4096;
    long matrices = 6738415616L - norms;
    assertEquals(2 * matrices + 4 * norms, memory.at("/load/bf16").longValue());
    assertEquals(matrices / 64 * 68 + 4 * norms, memory.at("/load/int8").longValue());
    assertEquals(8, memory.get("lora_rank").intValue());
    assertEquals(19_988_480, memory.get("lora_parameters").longValue());
    assertEquals(4 * 6738415616L + 16 * 19_988_480, memory.get("lora").longValue());
    String told = Run.galen("inspect", folder.toString()).good().out();
    assertTrue(told.contains("parameters: 6,738,415,616"), told);
    assertTrue(told.contains("memory to load: 27.0 GB as f32, 13.5 GB as bf16, 7.2 GB as int8"));
    assertTrue(told.contains("107.8 GB in full, 27.3 GB with LoRA of rank 8"), told);
  }

  /** What is counted has a name; one that Galen has no model for is not passed off as it. */
  @Test
  void theCountedClassIsNamed() throws IOException {
    assertEquals("LlamaForCausalLM", inspect(LLAMA_2_7B).get("class").textValue());
    assertEquals("BertModel", inspect(BERT_BASE_CASED).get("class").textValue());
    JsonNode trunk = inspect(LLAMA_2_7B.replace("LlamaForCausalLM", "LlamaModel"));
    assertEquals("LlamaModel", trunk.get("class").textValue());
    assertEquals(6738415616L - 32000 * 4096, trunk.get("parameters").longValue());
    JsonNode other = inspect(LLAMA_2_7B.replace("LlamaForCausalLM", "LlamaForTokenClassification"));
    assertEquals("LlamaForCausalLM", other.get("class").textValue());
    String told = Run.galen("inspect", folder.toString()).good().out();
    String note =
        "architectures names a LlamaForTokenClassification; this is what a LlamaForCausalLM has";
    assertTrue(told.startsWith(note), told);
  }

  private JsonNode inspect(String config) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    return Run.galen("inspect", folder.toString(), "--json").object();
  }
}
