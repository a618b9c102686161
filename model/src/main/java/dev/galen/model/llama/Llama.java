package dev.galen.model.llama;

import dev.galen.model.RotaryTrunk;
import dev.galen.model.nn.GatedFeedForward;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.RmsNorm;
import dev.galen.model.nn.Rotary;
import dev.galen.model.nn.RotaryAttention;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.Recompute;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;

/**
 * LLaMA without a head (Touvron et al.: "LLaMA: open and efficient foundation language models",
 * 2023, arXiv 2302.13971), and its relatives Mistral and Qwen2. Shapes: B batch, T time, C
 * channels.
 */
public final class Llama extends RotaryTrunk<LlamaConfig> {
  private final List<Block> layers = new ArrayList<>();
  private final RmsNorm norm;

  /** The trunk; dropout draws from {@code random}. */
  public Llama(LlamaConfig config, Weights weights, Philox random) {
    super(config, sizes(config), weights, random);
    for (int i = 0; i < config.layers(); i++) {
      layers.add(child("layers." + i, new Block(config, i, weights.in("layers").in(i), random)));
    }
    norm = child("norm", norm(config, weights.in("norm")));
  }

  private static Sizes sizes(LlamaConfig config) {
    return new Sizes(
        config.channels(),
        config.layers(),
        config.keyHeads(),
        config.headSize(),
        config.rotary(),
        normal(config));
  }

  @Override
  protected Tensor forward(Pass pass) {
    Tensor x_BTC = tokenEmbedding().forward(pass.ids());
    for (Block block : layers) {
      hidden(x_BTC);
      x_BTC =
          recomputes(pass.cache())
              ? Recompute.of(x -> block.forward(x, rotary(), pass), x_BTC, random())
              : block.forward(x_BTC, rotary(), pass);
    }
    return hidden(norm.forward(x_BTC));
  }

  private static Initializer normal(LlamaConfig config) {
    return Initializer.normal(config.initializerRange());
  }

  private static RmsNorm norm(LlamaConfig config, Weights weights) {
    return new RmsNorm(config.channels(), config.normEpsilon(), weights);
  }

  /** One block, normalising before each part: x + attention(norm(x)), then x + mlp(norm(x)). */
  private static final class Block extends Layer {
    private final RmsNorm inputNorm;
    private final RotaryAttention attention;
    private final RmsNorm postAttentionNorm;
    private final Mlp mlp;

    Block(LlamaConfig config, int index, Weights weights, Philox random) {
      inputNorm = child("input_layernorm", norm(config, weights.in("input_layernorm")));
      var shape =
          new RotaryAttention.Shape(
              config.channels(),
              config.heads(),
              config.keyHeads(),
              config.headSize(),
              config.windows().get(index),
              config.attentionDropout(),
              config.biases().attentionInput(),
              config.biases().attentionOutput(),
              normal(config));
      attention =
          child("self_attn", new RotaryAttention(shape, index, weights.in("self_attn"), random));
      postAttentionNorm =
          child("post_attention_layernorm", norm(config, weights.in("post_attention_layernorm")));
      mlp = child("mlp", new Mlp(config, weights.in("mlp")));
    }

    Tensor forward(Tensor x_BTC, Rotary rotary, Pass pass) {
      Tensor a_BTC =
          attention.forward(
              inputNorm.forward(x_BTC), rotary, pass.angles(), pass.mask(), pass.cache());
      Tensor y_BTC = x_BTC.add(a_BTC);
      return y_BTC.add(mlp.forward(postAttentionNorm.forward(y_BTC)));
    }
  }

  /** The gated feed-forward part: down(silu(gate(x)) up(x)). */
  private static final class Mlp extends Layer {
    private final LlamaConfig config;
    private final Linear gate;
    private final Linear up;
    private final Linear down;

    Mlp(LlamaConfig config, Weights weights) {
      this.config = config;
      int channels = config.channels();
      int inner = config.innerChannels();
      gate = linear("gate_proj", channels, inner, weights);
      up = linear("up_proj", channels, inner, weights);
      down = linear("down_proj", inner, channels, weights);
    }

    private Linear linear(String name, int in, int out, Weights weights) {
      boolean bias = config.biases().feedForward();
      return child(name, new Linear(in, out, bias, normal(config), weights.in(name)));
    }

    Tensor forward(Tensor x_BTC) {
      return GatedFeedForward.of(x_BTC, gate, config.activation(), up, down);
    }
  }
}
