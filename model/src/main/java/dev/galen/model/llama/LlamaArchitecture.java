package dev.galen.model.llama;

import dev.galen.model.ClassNames;
import dev.galen.model.SpecialIds;
import dev.galen.model.hf.JsonFields;
import dev.galen.model.nn.RotaryConfig;
import dev.galen.model.nn.RotaryScaling;
import dev.galen.tensor.backend.Unary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** LLaMA 1, 2 and 3 of any size as HuggingFace's directories hold them. */
public final class LlamaArchitecture extends LlamaFiles {
  private static final SpecialIds ENDS = new SpecialIds(1, 2, -1);
  private static final SpecialIds ENDS_3 = new SpecialIds(128000, 128001, -1);

  /** For use by {@code Architectures}. */
  public LlamaArchitecture() {
    super(LlamaFamily.LLAMA, llama2(4096, 11008, 32, 32, 32, 2048, 1e-6));
  }

  private static LlamaConfig llama2(
      int channels, int inner, int layers, int heads, int keyHeads, int positions, double epsilon) {
    return new LlamaConfig(
        LlamaFamily.LLAMA,
        32000,
        positions,
        channels,
        inner,
        layers,
        heads,
        keyHeads,
        channels / heads,
        everywhere(0, layers),
        RotaryConfig.of(THETA),
        LlamaConfig.Biases.NONE,
        Unary.SILU,
        0,
        epsilon,
        0.02,
        false,
        ENDS,
        ClassNames.of(2));
  }

  private static LlamaConfig llama3(
      int channels, int inner, int layers, int heads, int headSize, double stretch, boolean tied) {
    return new LlamaConfig(
        LlamaFamily.LLAMA,
        128256,
        131072,
        channels,
        inner,
        layers,
        heads,
        8,
        headSize,
        everywhere(0, layers),
        new RotaryConfig(500000, new RotaryScaling.Llama3(stretch, 1, 4, 8192)),
        LlamaConfig.Biases.NONE,
        Unary.SILU,
        0,
        1e-5,
        0.02,
        tied,
        ENDS_3,
        ClassNames.of(2));
  }

  @Override
  List<Integer> windows(JsonFields fields, int layers) {
    return everywhere(0, layers);
  }

  @Override
  LlamaConfig.Biases biases(JsonFields fields) {
    boolean attention = fields.flag("attention_bias", false);
    return new LlamaConfig.Biases(attention, attention, fields.flag("mlp_bias", false));
  }

  @Override
  void writeOwn(LlamaConfig config, Map<String, Object> fields) {
    fields.put("attention_bias", config.biases().attentionInput());
    fields.put("head_dim", config.headSize());
    fields.put("mlp_bias", config.biases().feedForward());
  }

  @Override
  public SequencedMap<String, LlamaConfig> presets() {
    var presets = new LinkedHashMap<String, LlamaConfig>();
    presets.put("Llama-2-7b-hf", llama2(4096, 11008, 32, 32, 32, 4096, 1e-5));
    presets.put("Llama-2-13b-hf", llama2(5120, 13824, 40, 40, 40, 4096, 1e-5));
    presets.put("Llama-2-70b-hf", llama2(8192, 28672, 80, 64, 8, 4096, 1e-5));
    presets.put("Llama-3.1-8B", llama3(4096, 14336, 32, 32, 128, 8, false));
    presets.put("Llama-3.1-70B", llama3(8192, 28672, 80, 64, 128, 8, false));
    presets.put("Llama-3.2-1B", llama3(2048, 8192, 16, 32, 64, 32, true));
    presets.put("Llama-3.2-3B", llama3(3072, 8192, 28, 24, 128, 32, true));
    return presets;
  }
}
