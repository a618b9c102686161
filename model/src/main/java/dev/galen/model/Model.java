package dev.galen.model;

import dev.galen.model.nn.Layer;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.ops.CrossEntropyOp;
import dev.galen.tensor.random.Philox;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A network that can be trained: what a trainer and an evaluator know of it. What its outputs mean
 * is its role's, such as {@link CausalLm} or {@link SequenceClassifier}. Shapes: B batch, T time, C
 * channels, V vocabulary.
 */
public abstract class Model extends Layer {
  private double labelSmoothing;
  private WeightedLoss weighted;

  /**
   * The loss of every label that counts, summed and divided by {@code divisor}.
   *
   * @param divisor the number of labels that count, in this batch or in the whole step
   * @return a scalar
   */
  public abstract Tensor loss(Inputs inputs, double divisor);

  /**
   * Smooths the labels of classes and tokens while training; a loss that is measured stays that of
   * the labels, and perplexity its exponential.
   *
   * @param epsilon the share of a label's probability that all classes divide, 0 to below 1; 0, the
   *     default, for none
   */
  public final void setLabelSmoothing(double epsilon) {
    if (!(epsilon >= 0 && epsilon < 1)) {
      throw new IllegalArgumentException(
          "label smoothing is " + epsilon + ", must be 0 to below 1");
    }
    labelSmoothing = epsilon;
  }

  /**
   * Makes labels of some classes count more than others while training: each label's loss is
   * multiplied by the weight of its class, as by the {@code weight} of torch's {@code
   * CrossEntropyLoss}. A mean over labels divides by the sum of their weights, which is then the
   * divisor of {@link #loss}. A loss that is measured stays that of the labels.
   *
   * @param weights one for each of {@link #labelClasses}, at least 0 and not all 0; none, the
   *     default, for labels that all count the same
   * @throws IllegalArgumentException if the model has no such classes, or other ones
   */
  public final void setClassWeights(double... weights) {
    if (weights.length == 0) {
      weighted = null;
      return;
    }
    ClassNames classes =
        labelClasses()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "class weights are for a model that gives each text or token one of"
                            + " several classes, which %s does not; leave them out"
                                .formatted(getClass().getSimpleName())));
    WeightedLoss.require(classes, weights);
    weighted = WeightedLoss.of(backend(), weights);
  }

  /** The classes that a label is one of; absent where it is a token's id, or a number. */
  public Optional<ClassNames> labelClasses() {
    return Optional.empty();
  }

  /** Whether labels of some classes count more in a loss that is computed now. */
  final boolean isWeighted() {
    return weighted != null && isTraining();
  }

  /**
   * Cross-entropy of the right classes, by smoothed labels and weighted classes while training if
   * so set.
   *
   * @param logits {@code [..., classes]}
   * @param labels I32 {@code [...]}
   * @return a scalar
   */
  protected final Tensor crossEntropy(Tensor logits, Tensor labels, double divisor) {
    if (isWeighted()) {
      return weighted.of(logits, labels, labelSmoothing, divisor);
    }
    return labelSmoothing > 0 && isTraining()
        ? LabelSmoothing.of(logits, labels, labelSmoothing, divisor)
        : CrossEntropyOp.apply(logits, labels, divisor);
  }

  /** The largest number of positions that it was made for. */
  public abstract int contextLength();

  /**
   * The largest number of positions that it takes at all: {@link #contextLength} unless it says
   * otherwise; {@link Integer#MAX_VALUE} where there is no bound, and longer texts are only texts
   * that it was not made for.
   */
  public int maxLength() {
    return contextLength();
  }

  /** V: ids lie below it. */
  public abstract int vocabularySize();

  /** What dropout draws from. */
  public abstract Philox random();

  /**
   * What its outputs follow from besides the values and shapes of its parameters, by the names that
   * HuggingFace's config has: {@code n_head}, say. A run resumes only with the same ones; names
   * that have {@code drop} in them are those of dropout. Empty unless a model says otherwise.
   */
  public SequencedMap<String, String> settings() {
    return new LinkedHashMap<>();
  }

  /**
   * Gradient checkpointing, which trades time for memory: see {@link
   * dev.galen.tensor.ops.Recompute}. Off at first; losses and gradients keep their bits.
   */
  public abstract void setRecompute(boolean recompute);

  /**
   * Whether passes over inputs of one shape, or steps of one token through a cache, launch the same
   * kernels, so that a GPU can capture one and replay it; not so where the host decides by what the
   * inputs hold.
   */
  public boolean isCapturable() {
    return true;
  }

  /**
   * Whether texts that stand side by side in a row, {@link Inputs#documents}, have the outputs here
   * that each has alone. A model that says nothing is not given any.
   */
  public boolean keepsDocumentsApart() {
    return false;
  }

  /**
   * The path of the layer that makes logits of a vocabulary, be it tied or not: what transformers
   * calls its output embeddings. Null where the model has none.
   */
  public String vocabularyHead() {
    return null;
  }

  /** Where it computes. */
  public final Backend backend() {
    return firstParameter().backend();
  }
}
