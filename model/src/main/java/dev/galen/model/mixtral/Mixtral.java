package dev.galen.model.mixtral;

import dev.galen.model.Inputs;
import dev.galen.model.RotaryTrunk;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.MixtureOfExperts;
import dev.galen.model.nn.RmsNorm;
import dev.galen.model.nn.Rotary;
import dev.galen.model.nn.RotaryAttention;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Autocast;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.Recompute;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;

/**
 * Mixtral without a head (Jiang et al.: "Mixtral of experts", 2024, arXiv 2401.04088): LLaMA's
 * block with experts for its feed-forward part. Shapes: B batch, T time, C channels, E experts.
 */
public final class Mixtral extends RotaryTrunk<MixtralConfig> {
  private final List<Block> layers = new ArrayList<>();
  private final RmsNorm norm;

  /** The trunk; dropout draws from {@code random}. */
  public Mixtral(MixtralConfig config, Weights weights, Philox random) {
    super(config, sizes(config), weights, random);
    for (int i = 0; i < config.layers(); i++) {
      layers.add(child("layers." + i, new Block(config, i, weights.in("layers").in(i), random)));
    }
    norm = child("norm", norm(config, weights.in("norm")));
  }

  private static Sizes sizes(MixtralConfig config) {
    return new Sizes(
        config.channels(),
        config.layers(),
        config.keyHeads(),
        config.headSize(),
        config.rotary(),
        normal(config));
  }

  /**
   * What a pass gives.
   *
   * @param hidden the hidden states after the last normalisation, {@code [B, T, C]}
   * @param routerLogits of each layer, {@code [B, T, E]}
   */
  public record Routed(Tensor hidden, List<Tensor> routerLogits) {}

  /** The hidden states and what the routers say; both mean nothing at padding. */
  public Routed routed(Inputs inputs) {
    return routed(pass(inputs));
  }

  @Override
  protected Tensor forward(Pass pass) {
    return routed(pass).hidden();
  }

  private Routed routed(Pass pass) {
    Tensor x_BTC = tokenEmbedding().forward(pass.ids());
    List<Tensor> routerLogits = new ArrayList<>();
    for (Block block : layers) {
      hidden(x_BTC);
      MixtureOfExperts.Output y =
          recomputes(pass.cache())
              ? block.recomputed(x_BTC, rotary(), pass, random())
              : block.forward(x_BTC, rotary(), pass);
      x_BTC = y.output();
      routerLogits.add(y.routerLogits());
    }
    return new Routed(hidden(norm.forward(x_BTC)), routerLogits);
  }

  /** The host reads which experts have tokens. */
  @Override
  public boolean isCapturable() {
    return false;
  }

  private static Initializer normal(MixtralConfig config) {
    return Initializer.normal(config.initializerRange());
  }

  private static RmsNorm norm(MixtralConfig config, Weights weights) {
    return new RmsNorm(config.channels(), config.normEpsilon(), weights);
  }

  /** One block, normalising before each part: x + attention(norm(x)), then x + experts(norm(x)). */
  private static final class Block extends Layer {
    private final int channels;
    private final RmsNorm inputNorm;
    private final RotaryAttention attention;
    private final RmsNorm postAttentionNorm;
    private final MixtureOfExperts experts;

    Block(MixtralConfig config, int index, Weights weights, Philox random) {
      channels = config.channels();
      inputNorm = child("input_layernorm", norm(config, weights.in("input_layernorm")));
      var heads =
          new RotaryAttention.Shape(
              channels,
              config.heads(),
              config.keyHeads(),
              config.headSize(),
              config.window(),
              config.attentionDropout(),
              false,
              false,
              normal(config));
      attention =
          child("self_attn", new RotaryAttention(heads, index, weights.in("self_attn"), random));
      postAttentionNorm =
          child("post_attention_layernorm", norm(config, weights.in("post_attention_layernorm")));
      var shape =
          new MixtureOfExperts.Shape(
              channels,
              config.innerChannels(),
              config.experts(),
              config.chosen(),
              config.activation(),
              normal(config));
      experts =
          child("block_sparse_moe", new MixtureOfExperts(shape, weights.in("block_sparse_moe")));
    }

    MixtureOfExperts.Output forward(Tensor x_BTC, Rotary rotary, Pass pass) {
      Tensor a_BTC =
          attention.forward(
              inputNorm.forward(x_BTC), rotary, pass.angles(), pass.mask(), pass.cache());
      Tensor y_BTC = x_BTC.add(a_BTC);
      MixtureOfExperts.Output mixed = experts.forward(postAttentionNorm.forward(y_BTC));
      return new MixtureOfExperts.Output(y_BTC.add(mixed.output()), mixed.routerLogits());
    }

    /** The same, computed again in the backward pass. */
    MixtureOfExperts.Output recomputed(Tensor x_BTC, Rotary rotary, Pass pass, Philox random) {
      // Side by side, since what is computed again has one result.
      Tensor both =
          Recompute.of(
              x -> {
                MixtureOfExperts.Output y = forward(x, rotary, pass);
                return ConcatOp.apply(2, y.output(), Autocast.widen(y.routerLogits()));
              },
              x_BTC,
              random);
      return new MixtureOfExperts.Output(
          both.slice(2, 0, channels), both.slice(2, channels, both.dim(2)));
    }
  }
}
