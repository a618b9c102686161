package dev.galen.model.lora;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Adapters of Mixtral as PEFT writes them with transformers 5, which has all experts of a layer in
 * one tensor, and gate and up of each in one: an update of E experts has A {@code [E rank, in]},
 * expert by expert, and B {@code [out, rank E]}, rank by rank with the experts side by side.
 */
final class FusedExperts {
  private static final String TARGETS = "target_parameters";

  /** What transformers has in one tensor, and what that is in the files of a model. */
  private static final Map<String, List<String>> PARTS =
      Map.of(
          "gate_up_proj",
          List.of("w1", "w3"),
          "down_proj",
          List.of("w2"),
          "gate.weight",
          List.of("gate"));

  private static final Pattern EXPERTS =
      Pattern.compile("(.*)\\.mlp\\.experts\\.(base_layer\\.)?lora_([AB])\\.weight");
  private static final Pattern ROUTER = Pattern.compile("(.*)\\.mlp\\.gate\\.(lora_[AB]\\.weight)");

  private FusedExperts() {}

  /** The config by the names of a model's files. */
  static ObjectNode unfolded(ObjectNode json) {
    if (!json.path(TARGETS).isArray() || json.path(TARGETS).isEmpty()) {
      return json;
    }
    ObjectNode plain = json.deepCopy();
    plain.remove(TARGETS);
    ArrayNode targets = plain.putArray("target_modules");
    JsonNode modules = json.path("target_modules");
    JsonFields.require(
        modules.isArray() || modules.isNull(), "target_modules", modules, "names of layers");
    modules.forEach(targets::add);
    for (JsonNode fused : json.path(TARGETS)) {
      List<String> parts = PARTS.get(fused.asText());
      JsonFields.require(parts != null, TARGETS, fused, "some of " + PARTS.keySet());
      parts.forEach(targets::add);
    }
    for (String patterns : List.of("rank_pattern", "alpha_pattern")) {
      if (json.path(patterns) instanceof ObjectNode fused) {
        ObjectNode split = plain.putObject(patterns);
        for (var field : fused.properties()) {
          String name = field.getKey().replace("\\", "").replaceFirst("^\\.\\*\\.", "");
          PARTS
              .getOrDefault(name, List.of(field.getKey()))
              .forEach(part -> split.set(part, field.getValue()));
        }
      }
    }
    return plain;
  }

  /**
   * The tensors of a file by the names that a model's files have for experts.
   *
   * @param all what the file has, of which fused ones are taken out
   */
  static void unfold(Map<String, Tensor> all, LoraConfig config, Backend backend) {
    for (String key : List.copyOf(all.keySet())) {
      Matcher router = ROUTER.matcher(key);
      Matcher experts = EXPERTS.matcher(key);
      if (router.matches()) {
        String name = router.group(1) + ".block_sparse_moe.gate." + router.group(2);
        all.put(name, all.remove(key));
      } else if (experts.matches() && all.get(key).shape().rank() == 2) {
        boolean both = isGateUp(experts, config);
        String at = experts.group(1) + ".block_sparse_moe.experts.";
        int rank = config.rankOf(both ? "w1" : "w2");
        Tensor fused = all.remove(key);
        boolean down = experts.group(3).equals("A");
        all.putAll(
            down ? downs(fused, at, rank, both, backend) : ups(fused, at, rank, both, backend));
      }
    }
  }

  /** What is adapted alone has no other inside of it. */
  private static boolean isGateUp(Matcher at, LoraConfig config) {
    return at.group(2) != null || !config.targets().names().contains("w2");
  }

  private static Map<String, Tensor> downs(
      Tensor fused, String at, int rank, boolean both, Backend backend) {
    int experts = fused.dim(0) / rank;
    var parts = new LinkedHashMap<String, Tensor>();
    for (int expert = 0; expert < experts; expert++) {
      Tensor own = fused.slice(0, expert * rank, (expert + 1) * rank);
      for (String part : both ? PARTS.get("gate_up_proj") : PARTS.get("down_proj")) {
        Tensor copy = Tensors.empty(backend, own.dtype(), own.shape());
        Tensors.copy(own, copy);
        parts.put(at + expert + "." + part + ".lora_A.weight", copy);
      }
    }
    return parts;
  }

  private static Map<String, Tensor> ups(
      Tensor fused, String at, int rank, boolean both, Backend backend) {
    int out = fused.dim(0);
    int experts = fused.dim(1) / rank;
    Tensor byExpert = fused.reshape(out, rank, experts).permute(2, 0, 1).contiguous();
    var parts = new LinkedHashMap<String, Tensor>();
    List<String> names = both ? PARTS.get("gate_up_proj") : PARTS.get("down_proj");
    int size = out / names.size();
    for (int expert = 0; expert < experts; expert++) {
      for (int part = 0; part < names.size(); part++) {
        Tensor own =
            byExpert
                .slice(0, expert, expert + 1)
                .reshape(out, rank)
                .slice(0, part * size, (part + 1) * size);
        Tensor copy = Tensors.empty(backend, own.dtype(), own.shape());
        Tensors.copy(own, copy);
        parts.put(at + expert + "." + names.get(part) + ".lora_B.weight", copy);
      }
    }
    return parts;
  }
}
