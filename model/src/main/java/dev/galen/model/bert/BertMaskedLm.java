package dev.galen.model.bert;

import dev.galen.model.Inputs;
import dev.galen.model.MaskedLm;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.LayerNorm;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.random.Philox;
import java.util.SequencedMap;

/** BERT that fills in masked tokens: HuggingFace's {@code BertForMaskedLM}. */
public final class BertMaskedLm extends MaskedLm {
  private final BertConfig config;
  private final Bert bert;
  private final Linear transform;
  private final LayerNorm norm;
  private final Linear decoder;
  private final Tensor bias;

  /** A model whose dropout draws from {@code random}. */
  public BertMaskedLm(BertConfig config, Weights weights, Philox random) {
    this.config = config.withPooler(false);
    bert = child("bert", new Bert(this.config, weights.in("bert"), random));
    Weights head = weights.in("cls").in("predictions");
    Weights transforming = head.in("transform");
    transform =
        child("cls.predictions.transform.dense", Bert.square(config, transforming.in("dense")));
    norm =
        child(
            "cls.predictions.transform.LayerNorm",
            new LayerNorm(
                config.channels(), config.layerNormEpsilon(), transforming.in("LayerNorm")));
    bias =
        parameter(
            "cls.predictions.bias",
            head.get("bias", Shape.of(config.vocabularySize()), Initializer.ZEROS));
    decoder =
        config.tiedHead()
            ? child("cls.predictions.decoder", new Linear(bert.tokenEmbedding(), bias))
            : child(
                "cls.predictions.decoder",
                Bert.linear(
                    config, config.channels(), config.vocabularySize(), head.in("decoder")));
    if (!config.tiedHead()) {
      bias.freeze(); // transformers keeps it beside the decoder's own and does not use it
    }
  }

  @Override
  public Tensor logits(Inputs inputs) {
    Tensor x_BTC = bert.hiddenStates(inputs);
    Tensor y_BTC = norm.forward(transform.forward(x_BTC).map(config.activation()));
    return decoder.forward(y_BTC);
  }

  /** What is below the head. */
  public Bert bert() {
    return bert;
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
    return bert.random();
  }

  @Override
  public SequencedMap<String, String> settings() {
    return config.settings();
  }

  @Override
  public void setRecompute(boolean recompute) {
    bert.setRecompute(recompute);
  }

  @Override
  public String vocabularyHead() {
    return "cls.predictions.decoder";
  }
}
