package dev.galen.train;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Device;
import dev.galen.tensor.random.Philox;
import dev.galen.train.data.TokenSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A GPT-2 small enough for tests, and random sequences for it. */
public final class TinyModel {
  public static final int VOCABULARY = 97;

  private TinyModel() {}

  /** Two layers of 32 channels on the CPU; the same weights every time. */
  public static Gpt2CausalLm create(double dropout) {
    return create(dropout, Device.CPU);
  }

  public static Gpt2CausalLm create(double dropout, Device device) {
    Gpt2Config base = Gpt2Config.gpt2();
    var config =
        new Gpt2Config(
            VOCABULARY,
            64,
            32,
            2,
            4,
            128,
            base.activation(),
            dropout,
            dropout,
            dropout,
            base.layerNormEpsilon(),
            base.initializerRange(),
            true,
            false,
            true,
            base.special(),
            base.classes());
    return new Gpt2CausalLm(config, Weights.initialised(device, new Philox(7)), new Philox(0));
  }

  /** Sequences of 5 to 40 tokens with some labels ignored, at random. */
  public static List<TokenSequence> sequences(int count, long seed) {
    var random = new SplittableRandom(seed);
    var sequences = new ArrayList<TokenSequence>();
    for (int i = 0; i < count; i++) {
      var ids = new int[random.nextInt(5, 41)];
      var labels = new int[ids.length];
      int masked = random.nextInt(ids.length - 2);
      for (int t = 0; t < ids.length; t++) {
        ids[t] = random.nextInt(VOCABULARY);
        labels[t] = t < masked ? TokenSequence.IGNORE_INDEX : ids[t];
      }
      sequences.add(new TokenSequence(ids, labels));
    }
    return sequences;
  }
}
