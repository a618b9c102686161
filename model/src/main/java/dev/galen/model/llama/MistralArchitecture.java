package dev.galen.model.llama;

import dev.galen.model.ClassNames;
import dev.galen.model.SpecialIds;
import dev.galen.model.hf.JsonFields;
import dev.galen.model.nn.RotaryConfig;
import dev.galen.tensor.backend.Unary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Mistral as HuggingFace's directories hold it: LLaMA with a window in each layer, or in none. */
public final class MistralArchitecture extends LlamaFiles {
  private static final int WINDOW = 4096;

  /** For use by {@code Architectures}. */
  public MistralArchitecture() {
    super(LlamaFamily.MISTRAL, mistral(32000, 131072, WINDOW, THETA, 1e-6));
  }

  private static LlamaConfig mistral(
      int vocabulary, int positions, int window, double theta, double epsilon) {
    return new LlamaConfig(
        LlamaFamily.MISTRAL,
        vocabulary,
        positions,
        4096,
        14336,
        32,
        32,
        8,
        128,
        everywhere(window, 32),
        RotaryConfig.of(theta),
        LlamaConfig.Biases.NONE,
        Unary.SILU,
        0,
        epsilon,
        0.02,
        false,
        new SpecialIds(1, 2, -1),
        ClassNames.of(2));
  }

  @Override
  List<Integer> windows(JsonFields fields, int layers) {
    // Null says that there is none, and no field that it is the first Mistral's.
    boolean given = fields.json().has("sliding_window");
    int window = fields.integer("sliding_window", given ? 0 : WINDOW);
    String wanted = window > 0 ? "sliding_attention" : "full_attention";
    for (String type : fields.texts("layer_types")) {
      if (!type.equals(wanted)) {
        throw new IllegalArgumentException(
            "layer_types has %s, but with sliding_window %s each layer of a Mistral has %s"
                .formatted(type, window > 0 ? window : "null", wanted));
      }
    }
    return everywhere(window, layers);
  }

  @Override
  LlamaConfig.Biases biases(JsonFields fields) {
    return LlamaConfig.Biases.NONE;
  }

  @Override
  void writeOwn(LlamaConfig config, Map<String, Object> fields) {
    fields.put("head_dim", config.headSize());
    fields.put("sliding_window", config.window() > 0 ? config.window() : null);
  }

  @Override
  public SequencedMap<String, LlamaConfig> presets() {
    var presets = new LinkedHashMap<String, LlamaConfig>();
    presets.put("Mistral-7B-v0.1", mistral(32000, 32768, WINDOW, THETA, 1e-5));
    presets.put("Mistral-7B-v0.2", mistral(32000, 32768, 0, 1e6, 1e-5));
    presets.put("Mistral-7B-v0.3", mistral(32768, 32768, 0, 1e6, 1e-5));
    return presets;
  }
}
