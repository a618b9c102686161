package dev.galen.model.lora;

import dev.galen.model.lora.Adapter.Placed;
import dev.galen.model.nn.LowRankUpdate;
import dev.galen.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** What PEFT calls the parameters of an update. */
final class AdapterNames {
  /** What stands before a model's paths in PEFT's files. */
  static final String PREFIX = "base_model.model.";

  static final String MAGNITUDE = "lora_magnitude_vector";

  /** The last part of a targeted layer's own parameters. */
  static final String BASE_LAYER = "base_layer";

  private AdapterNames() {}

  /**
   * The parameters of an update, by name.
   *
   * @param infix what stands behind {@code lora_A}: nothing, or a dot and an adapter's name
   */
  static SequencedMap<String, Tensor> of(Placed placed, String infix) {
    LowRankUpdate update = placed.update();
    var parameters = new LinkedHashMap<String, Tensor>();
    if (placed.embeds()) {
      parameters.put("lora_embedding_A" + infix, update.up());
      parameters.put("lora_embedding_B" + infix, update.down());
    } else {
      parameters.put("lora_A" + infix + ".weight", update.down());
      parameters.put("lora_B" + infix + ".weight", update.up());
    }
    if (update.bias() != null) {
      parameters.put("lora_B" + infix + ".bias", update.bias());
    }
    if (update.magnitude() != null) {
      parameters.put(MAGNITUDE + infix, update.magnitude());
    }
    return parameters;
  }
}
