package dev.galen.model.t5;

import dev.galen.model.Inputs;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.random.Philox;
import java.util.SequencedMap;
import java.util.Set;

/**
 * T5 (Raffel, Shazeer, Roberts, Lee, Narang, Matena, Zhou, Li, Liu: "Exploring the limits of
 * transfer learning with a unified text-to-text transformer", 2020, arXiv 1910.10683):
 * HuggingFace's {@code T5ForConditionalGeneration}. Shapes: B batch, T time of the encoder, S of
 * the decoder, C channels, H heads.
 */
public final class T5 extends Seq2SeqLm {
  private final T5Config config;
  private final Philox random;
  private final Embedding shared;
  private final T5Stack encoder;
  private final T5Stack decoder;
  private final Linear lmHead;

  /** A model whose dropout draws from {@code random}. */
  public T5(T5Config config, Weights weights, Philox random) {
    this.config = config;
    this.random = random;
    setEndOfTextIds(Set.copyOf(config.special().ends()));
    int channels = config.channels();
    int vocabulary = config.vocabularySize();
    var normal = Initializer.normal(config.initializerFactor());
    shared = child("shared", new Embedding(vocabulary, channels, normal, weights.in("shared")));
    encoder = child("encoder", new T5Stack(config, false, weights.in("encoder"), random));
    decoder = child("decoder", new T5Stack(config, true, weights.in("decoder"), random));
    lmHead =
        config.tiedHead()
            ? child("lm_head", new Linear(shared, null))
            : child(
                "lm_head", new Linear(channels, vocabulary, false, normal, weights.in("lm_head")));
  }

  @Override
  public Tensor encode(Inputs inputs) {
    return encoder.encode(shared.forward(inputs.ids()), inputs.attentionMask());
  }

  @Override
  public Tensor logits(Inputs inputs) {
    Tensor states_BTC = encode(inputs);
    Tensor ids_BS =
        inputs.decoderIds() == null ? shiftedRight(inputs.labels()) : inputs.decoderIds();
    return head(decoder.decode(shared.forward(ids_BS), states_BTC, inputs.attentionMask()));
  }

  @Override
  public KvCache newCache(Inputs inputs, int capacity) {
    try (var scope = MemoryScope.open("encoder")) {
      var cross = decoder.cross(encode(inputs), inputs.attentionMask());
      int channels = config.attentionChannels();
      return new KvCache(backend(), config.decoderLayers(), inputs.batch(), capacity, channels)
          .with(cross);
    }
  }

  @Override
  public Tensor next(Tensor ids_BS, KvCache cache) {
    Tensor x_BSC = decoder.decode(shared.forward(ids_BS), cache);
    int last = x_BSC.dim(1) - 1;
    return head(x_BSC.slice(1, last, last + 1)).reshape(x_BSC.dim(0), config.vocabularySize());
  }

  private Tensor head(Tensor x_BSC) {
    Tensor y_BSC = config.scaledHead() ? x_BSC.mul(1 / Math.sqrt(config.channels())) : x_BSC;
    return lmHead.forward(y_BSC);
  }

  /**
   * What the decoder is given to learn labels: the start id, then each label but the last, with
   * padding for those that do not count. Computed where the labels lie, in F32, which has every id
   * of a vocabulary, so that a step that is captured can do it.
   */
  private Tensor shiftedRight(Tensor labels_BS) {
    if (labels_BS == null) {
      throw new IllegalArgumentException(
          "the decoder is given nothing; set decoder ids, or labels to learn");
    }
    int time = labels_BS.dim(1);
    Shape column = labels_BS.shape().withDim(1, 1);
    Tensor start = Tensors.full(labels_BS.backend(), DType.I32, column, config.decoderStartId());
    Tensor before = ConcatOp.apply(1, start, labels_BS.slice(1, 0, time - 1)).to(DType.F32);
    Tensor zero = Tensors.full(before.backend(), DType.F32, Shape.of(1), 0);
    Tensor ignored = before.lessThan(zero);
    int padding = Math.max(config.special().padding(), 0);
    return before.add(ignored.mul(before.neg().add(padding))).to(DType.I32);
  }

  @Override
  public int decoderStartId() {
    return config.decoderStartId();
  }

  /** The model's shape. */
  public T5Config config() {
    return config;
  }

  @Override
  public int contextLength() {
    return config.contextLength();
  }

  @Override
  public int maxLength() {
    return config.maxLength();
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
    encoder.setRecompute(recompute);
    decoder.setRecompute(recompute);
  }
}
