package dev.galen.bench;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.random.Philox;

/** A GPT-2 of OpenAI's 124M shape with random weights: speed does not depend on their values. */
public final class RandomGpt2 {
  private static final Gpt2Config CONFIG = Gpt2Config.gpt2().withDropout(0);

  /** V. */
  public static final int VOCABULARY = CONFIG.vocabularySize();

  /** Weights that each token is multiplied with: all but the positions' embedding. */
  public static final long MULTIPLIED =
      (long) CONFIG.parameterCount() - (long) CONFIG.contextLength() * CONFIG.channels();

  private RandomGpt2() {}

  /** The same weights each time. */
  public static Gpt2CausalLm create() {
    return create(WeightFormat.F32);
  }

  /** The same weights, packed as {@code format}. */
  public static Gpt2CausalLm create(WeightFormat format) {
    return new Gpt2CausalLm(
        CONFIG, Weights.initialised(Device.CPU, new Philox(1), format), new Philox(1));
  }

  /** Weights of another shape, in F32 on {@code device}. */
  public static Gpt2CausalLm create(Gpt2Config config, Device device) {
    return create(config, device, WeightFormat.F32);
  }

  /** Weights of another shape, packed as {@code format} on {@code device}. */
  public static Gpt2CausalLm create(Gpt2Config config, Device device, WeightFormat format) {
    return new Gpt2CausalLm(
        config, Weights.initialised(device, new Philox(1), format), new Philox(1));
  }
}
