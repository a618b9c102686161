package dev.galen.bench;

import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.gpt2.Gpt2LanguageModel;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Device;
import dev.galen.tensor.random.Philox;

/** A GPT-2 of OpenAI's 124M shape with random weights: speed does not depend on their values. */
final class RandomGpt2 {
  private RandomGpt2() {}

  static Gpt2LanguageModel create() {
    return new Gpt2LanguageModel(
        Gpt2Config.gpt2().withDropout(0), Weights.drawn(Device.CPU, new Philox(1)), new Philox(1));
  }
}
