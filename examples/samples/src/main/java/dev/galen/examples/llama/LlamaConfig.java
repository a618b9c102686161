package dev.galen.examples.llama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * A LLaMA's sizes.
 *
 * @param vocabulary V
 * @param channels C
 * @param inner channels of the feed-forward part
 * @param layers L
 * @param heads H, of queries
 * @param keyHeads heads of keys and values, each shared by H / keyHeads of queries
 * @param headSize D
 * @param context the largest number of positions
 * @param epsilon of the normalisations
 * @param theta of the rotary embedding
 * @param tied whether the head multiplies with the embedding
 * @param ends the ids that end a text
 */
record LlamaConfig(
    int vocabulary,
    int channels,
    int inner,
    int layers,
    int heads,
    int keyHeads,
    int headSize,
    int context,
    double epsilon,
    double theta,
    boolean tied,
    Set<Integer> ends) {

  /** Reads a {@code config.json} of HuggingFace's. */
  static LlamaConfig read(Path file) throws IOException {
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    JsonNode rope = json.path("rope_parameters");
    if (!json.path("model_type").asText().equals("llama")
        || !rope.path("rope_type").asText("default").equals("default")
        || json.hasNonNull("rope_scaling")
        || json.path("attention_bias").asBoolean()
        || json.path("mlp_bias").asBoolean()) {
      throw new IOException(file + ": is no LLaMA without biases and with unscaled positions");
    }
    int heads = json.required("num_attention_heads").asInt();
    int channels = json.required("hidden_size").asInt();
    return new LlamaConfig(
        json.required("vocab_size").asInt(),
        channels,
        json.required("intermediate_size").asInt(),
        json.required("num_hidden_layers").asInt(),
        heads,
        json.path("num_key_value_heads").asInt(heads),
        json.path("head_dim").asInt(channels / heads),
        json.required("max_position_embeddings").asInt(),
        json.required("rms_norm_eps").asDouble(),
        rope.path("rope_theta").asDouble(json.path("rope_theta").asDouble(10000)),
        json.path("tie_word_embeddings").asBoolean(),
        ends(json.path("eos_token_id")));
  }

  /** A number, a list of them, or nothing. */
  private static Set<Integer> ends(JsonNode json) {
    var ends = new TreeSet<Integer>();
    if (json.isInt()) {
      ends.add(json.asInt());
    }
    json.forEach(end -> ends.add(end.asInt()));
    return ends;
  }
}
