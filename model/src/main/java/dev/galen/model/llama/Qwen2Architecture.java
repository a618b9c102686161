package dev.galen.model.llama;

import dev.galen.model.ClassNames;
import dev.galen.model.SpecialIds;
import dev.galen.model.hf.JsonFields;
import dev.galen.model.nn.RotaryConfig;
import dev.galen.tensor.backend.Unary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Qwen 1.5, 2 and 2.5 as HuggingFace's directories hold them: LLaMA with biases on queries, keys
 * and values, and with windows in some layers, if any.
 */
public final class Qwen2Architecture extends LlamaFiles {
  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";

  /** For use by {@code Architectures}. */
  public Qwen2Architecture() {
    super(LlamaFamily.QWEN2, qwen(151936, 32768, 4096, 22016, 32, 32, 32, THETA, false));
  }

  private static LlamaConfig qwen(
      int vocabulary,
      int positions,
      int channels,
      int inner,
      int layers,
      int heads,
      int keyHeads,
      double theta,
      boolean tied) {
    return new LlamaConfig(
        LlamaFamily.QWEN2,
        vocabulary,
        positions,
        channels,
        inner,
        layers,
        heads,
        keyHeads,
        channels / heads,
        everywhere(0, layers),
        RotaryConfig.of(theta),
        LlamaConfig.Biases.QWEN2,
        Unary.SILU,
        0,
        1e-6,
        0.02,
        tied,
        new SpecialIds(151643, 151643, -1),
        ClassNames.of(2));
  }

  @Override
  List<Integer> windows(JsonFields fields, int layers) {
    boolean slides = fields.flag("use_sliding_window", false);
    boolean given = fields.json().has("sliding_window");
    int window = slides ? fields.integer("sliding_window", given ? 0 : 4096) : 0;
    List<String> types = fields.texts("layer_types");
    if (types.isEmpty()) {
      int first = fields.integer("max_window_layers", 28);
      var windows = new ArrayList<Integer>();
      for (int i = 0; i < layers; i++) {
        windows.add(i >= first ? window : 0);
      }
      return windows;
    }
    for (String type : types) {
      if (!type.equals(FULL) && !(type.equals(SLIDING) && window > 0)) {
        throw new IllegalArgumentException(
            type.equals(SLIDING)
                ? "layer_types has sliding_attention, but there is no sliding_window"
                : "layer_types has %s, which is not supported".formatted(type));
      }
    }
    return types.stream().map(type -> type.equals(SLIDING) ? window : 0).toList();
  }

  @Override
  LlamaConfig.Biases biases(JsonFields fields) {
    return LlamaConfig.Biases.QWEN2;
  }

  @Override
  void writeOwn(LlamaConfig config, Map<String, Object> fields) {
    if (config.headSize() * config.heads() != config.channels()) {
      fields.put("head_dim", config.headSize());
    }
    List<Integer> windows = config.windows();
    fields.put("layer_types", windows.stream().map(w -> w > 0 ? SLIDING : FULL).toList());
    boolean slides = config.window() > 0;
    fields.put("sliding_window", slides ? config.window() : null);
    fields.put("use_sliding_window", slides);
  }

  @Override
  public SequencedMap<String, LlamaConfig> presets() {
    var presets = new LinkedHashMap<String, LlamaConfig>();
    presets.put("Qwen1.5-72B", qwen(152064, 32768, 8192, 24576, 80, 64, 64, 1e6, false));
    presets.put("Qwen2-7B", qwen(152064, 131072, 3584, 18944, 28, 28, 4, 1e6, false));
    presets.put("Qwen2.5-0.5B", qwen(151936, 32768, 896, 4864, 24, 14, 2, 1e6, true));
    presets.put("Qwen2.5-1.5B", qwen(151936, 131072, 1536, 8960, 28, 12, 2, 1e6, true));
    presets.put("Qwen2.5-7B", qwen(152064, 131072, 3584, 18944, 28, 28, 4, 1e6, false));
    return presets;
  }
}
