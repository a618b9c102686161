package dev.galen.model.bert;

import dev.galen.model.Encoder;
import dev.galen.model.Inputs;
import dev.galen.model.nn.Dropout;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.FeedForward;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.LayerNorm;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.ops.Recompute;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * BERT without a head (Devlin, Chang, Lee, Toutanova: "BERT: pre-training of deep bidirectional
 * transformers for language understanding", 2018, arXiv 1810.04805): HuggingFace's {@code
 * BertModel}. Shapes: B batch, T time, C channels, H heads.
 */
public final class Bert extends Encoder {
  private final BertConfig config;
  private final Philox random;
  private final Embeddings embeddings;
  private final List<Block> layer = new ArrayList<>();
  private final Linear pooler;
  private boolean recompute;

  /** The encoder, with a pooler if the config has one; dropout draws from {@code random}. */
  public Bert(BertConfig config, Weights weights, Philox random) {
    this.config = config;
    this.random = random;
    embeddings = child("embeddings", new Embeddings(config, weights.in("embeddings"), random));
    Weights layers = weights.in("encoder").in("layer");
    for (int i = 0; i < config.layers(); i++) {
      layer.add(child("encoder.layer." + i, new Block(config, layers.in(i), random)));
    }
    pooler =
        config.pooler()
            ? child("pooler.dense", square(config, weights.in("pooler").in("dense")))
            : null;
  }

  /** {@code C} to {@code C} channels. */
  static Linear square(BertConfig config, Weights weights) {
    return linear(config, config.channels(), config.channels(), weights);
  }

  static Linear linear(BertConfig config, int in, int out, Weights weights) {
    return new Linear(in, out, true, Initializer.normal(config.initializerRange()), weights);
  }

  /**
   * The hidden states behind the last block. Positions are counted from each row's front, padding
   * included, as transformers does.
   */
  @Override
  public Tensor hiddenStates(Inputs inputs) {
    Tensor mask_BT = inputs.attentionMask();
    Tensor x_BTC = embeddings.forward(inputs);
    for (Block block : layer) {
      hidden(x_BTC);
      x_BTC =
          recompute
              ? Recompute.of(x -> block.forward(x, mask_BT), x_BTC, random)
              : block.forward(x_BTC, mask_BT);
    }
    return hidden(x_BTC);
  }

  /**
   * What stands for the whole text: {@code tanh(W x + b)} of its first token, which is [CLS].
   *
   * @param x_BTC hidden states {@code [B, T, C]}
   * @return {@code [B, C]}
   * @throws IllegalStateException if the model has no pooler
   */
  public Tensor pool(Tensor x_BTC) {
    if (pooler == null) {
      throw new IllegalStateException("this BERT has no pooler; take the first hidden state");
    }
    Tensor first_BC = x_BTC.slice(1, 0, 1).reshape(x_BTC.dim(0), config.channels());
    return pooler.forward(first_BC).tanh();
  }

  /** The token embedding {@code [V, C]}. */
  Embedding tokenEmbedding() {
    return embeddings.word;
  }

  /** The model's shape. */
  public BertConfig config() {
    return config;
  }

  @Override
  public int contextLength() {
    return config.contextLength();
  }

  @Override
  public int vocabularySize() {
    return config.vocabularySize();
  }

  @Override
  public Philox random() {
    return random;
  }

  @Override
  public SequencedMap<String, String> settings() {
    return config.settings();
  }

  @Override
  public void setRecompute(boolean recompute) {
    this.recompute = recompute;
  }

  /** The sum of what token, position and segment are, normalised. */
  private static final class Embeddings extends Layer {
    private final BertConfig config;
    private final Embedding word;
    private final Embedding position;
    private final Embedding tokenType;
    private final Tensor positions;
    private final LayerNorm norm;
    private final Dropout dropout;

    Embeddings(BertConfig config, Weights weights, Philox random) {
      this.config = config;
      int padding = config.special().padding();
      word = embedding("word_embeddings", config.vocabularySize(), padding, weights);
      int none = EmbeddingOp.NO_PADDING;
      position = embedding("position_embeddings", config.contextLength(), none, weights);
      tokenType = embedding("token_type_embeddings", config.tokenTypes(), none, weights);
      // There once and for all: a step that uploads nothing of its own can be captured.
      positions = weights.areAsAsked() ? positions(config.contextLength(), weights.device()) : null;
      norm = child("LayerNorm", norm(config, weights));
      dropout = child("dropout", new Dropout(config.dropout(), random));
    }

    private Embedding embedding(String name, int count, int padding, Weights weights) {
      var normal = Initializer.normal(config.initializerRange());
      return child(
          name, new Embedding(count, config.channels(), padding, normal, weights.in(name)));
    }

    private static Tensor positions(int count, Device device) {
      int[] all = IntStream.range(0, count).toArray();
      return MemoryScope.outside(() -> Tensors.of(device, all, count));
    }

    Tensor forward(Inputs inputs) {
      int time = inputs.time();
      if (time > config.contextLength()) {
        throw new IllegalArgumentException(
            "%d tokens exceed the model's context of %d".formatted(time, config.contextLength()));
      }
      Tensor position_TC = position.forward(positions.slice(0, 0, time));
      Tensor x_BTC = word.forward(inputs.ids()).add(position_TC).add(segments(inputs));
      return dropout.forward(norm.forward(x_BTC));
    }

    /** {@code [B, T, C]}, or {@code [1, C]} where all is one segment. */
    private Tensor segments(Inputs inputs) {
      Tensor types = inputs.tokenTypes();
      if (types == null) {
        types = Tensors.full(inputs.ids().backend(), DType.I32, Shape.of(1), 0);
      }
      return tokenType.forward(types);
    }
  }

  /**
   * One transformer block, normalising behind each part: ln(x + attention(x)), then ln(x + mlp(x)).
   */
  private static final class Block extends Layer {
    private final BertConfig config;
    private final Attention attention;
    private final LayerNorm attentionNorm;
    private final Linear widen;
    private final Linear narrow;
    private final Dropout dropout;
    private final LayerNorm norm;

    Block(BertConfig config, Weights weights, Philox random) {
      this.config = config;
      attention = child("attention", new Attention(config, weights.in("attention"), random));
      attentionNorm =
          child("attention.output.LayerNorm", norm(config, weights.in("attention").in("output")));
      widen =
          child(
              "intermediate.dense",
              linear(
                  config,
                  config.channels(),
                  config.innerChannels(),
                  weights.in("intermediate").in("dense")));
      narrow =
          child(
              "output.dense",
              linear(
                  config,
                  config.innerChannels(),
                  config.channels(),
                  weights.in("output").in("dense")));
      dropout = child("output.dropout", new Dropout(config.dropout(), random));
      norm = child("output.LayerNorm", norm(config, weights.in("output")));
    }

    Tensor forward(Tensor x_BTC, Tensor mask_BT) {
      Tensor y_BTC = attentionNorm.forward(x_BTC, attention.forward(x_BTC, mask_BT)).output();
      Tensor z_BTC = dropout.forward(FeedForward.of(y_BTC, widen, config.activation(), narrow));
      return norm.forward(y_BTC, z_BTC).output();
    }
  }

  /** Self-attention over H heads, in which each token sees all others. */
  private static final class Attention extends Layer {
    private final BertConfig config;
    private final Philox random;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final Dropout dropout;

    Attention(BertConfig config, Weights weights, Philox random) {
      this.config = config;
      this.random = random;
      Weights self = weights.in("self");
      query = child("self.query", square(config, self.in("query")));
      key = child("self.key", square(config, self.in("key")));
      value = child("self.value", square(config, self.in("value")));
      output = child("output.dense", square(config, weights.in("output").in("dense")));
      dropout = child("output.dropout", new Dropout(config.dropout(), random));
    }

    Tensor forward(Tensor x_BTC, Tensor mask_BT) {
      var options =
          new AttentionOp.Options(
              1 / Math.sqrt(config.headSize()),
              false,
              mask_BT,
              isTraining() ? config.attentionDropout() : 0,
              random);
      Tensor query_BTC = query.forward(x_BTC);
      Tensor key_BTC = key.forward(x_BTC);
      Tensor value_BTC = value.forward(x_BTC);
      attends(query_BTC, key_BTC, config.heads(), options);
      Tensor y_BTC = AttentionOp.apply(query_BTC, key_BTC, value_BTC, config.heads(), options);
      return dropout.forward(output.forward(y_BTC));
    }
  }

  private static LayerNorm norm(BertConfig config, Weights weights) {
    return new LayerNorm(config.channels(), config.layerNormEpsilon(), weights.in("LayerNorm"));
  }
}
