package dev.galen.model.nn;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * A leaf with a matrix, and perhaps a bias. Both may be exchanged once the layer is made, by an
 * adapter say, and given back: what the layer was made with is kept as it is.
 */
public abstract sealed class MatrixLayer extends Layer permits Linear, Conv1D, Embedding {
  private static final String DROPOUT = "lora_dropout";

  private final Shape shape;
  private final boolean outputFirst;
  private final Weight ownWeight;
  private final Tensor ownBias;
  private final SequencedMap<String, Tensor> ownParameters;
  private Weight weight;
  private Weight shared;
  private Tensor bias;

  /**
   * Takes its parameters from {@code weights}.
   *
   * @param shape {@code [out, in]} if {@code outputFirst}, else {@code [in, out]}
   */
  MatrixLayer(
      Shape shape, boolean outputFirst, boolean hasBias, Initializer initializer, Weights weights) {
    this.shape = shape;
    this.outputFirst = outputFirst;
    ownWeight = weight("weight", shape, outputFirst, initializer, weights);
    ownBias =
        hasBias ? parameter("bias", weights.get("bias", Shape.of(out()), Initializer.ZEROS)) : null;
    ownParameters = new LinkedHashMap<>(ownParameters());
    weight = ownWeight;
    shared = ownWeight;
    bias = ownBias;
  }

  /** With the matrix of {@code table}, and no parameter of its own. */
  MatrixLayer(Embedding table, Tensor bias) {
    shape = Shape.of(table.out(), table.in());
    outputFirst = true;
    ownWeight = new Weight.Shared(table);
    ownBias = bias;
    ownParameters = new LinkedHashMap<>();
    weight = ownWeight;
    shared = ownWeight;
    this.bias = bias;
  }

  /** Channels that it takes; those that an embedding gives. */
  public final int in() {
    return shape.dim(outputFirst ? 1 : 0);
  }

  /** Channels that it gives; ids that an embedding takes. */
  public final int out() {
    return shape.dim(outputFirst ? 0 : 1);
  }

  /** The matrix that the layer was made with. */
  public final Weight ownWeight() {
    return ownWeight;
  }

  /** The bias that the layer was made with, or null. */
  public final Tensor ownBias() {
    return ownBias;
  }

  /** The parameters that the layer was made with, by name. */
  public final SequencedMap<String, Tensor> madeWith() {
    return Collections.unmodifiableSequencedMap(ownParameters);
  }

  /** What it computes with now. */
  final Weight current() {
    return weight;
  }

  /** What another layer that has the same matrix computes with. */
  final Weight shared() {
    return shared;
  }

  /** What it adds now, {@code [out]}, or null. */
  final Tensor currentBias() {
    return bias;
  }

  /**
   * Computes with others from now on. A layer that shares the matrix, a tied head say, keeps the
   * one that both were made with.
   *
   * @param parameters what it has to learn or to save then, by name
   */
  public final void exchange(Weight weight, Tensor bias, SequencedMap<String, Tensor> parameters) {
    this.weight = weight;
    this.shared = ownWeight;
    this.bias = bias;
    reregister(parameters);
    dropChildren(DROPOUT);
    int updates = 0;
    for (Weight w = weight; w instanceof Weight.LowRank low; w = low.base()) {
      if (low.update().dropout() != null) {
        low.update().dropout().follow(isTraining());
        child(DROPOUT + (updates == 0 ? "" : "." + updates), low.update().dropout());
        updates++;
      }
    }
  }

  /** The same, and a layer that shares the matrix computes with the new one as well. */
  public final void exchangeShared(
      Weight weight, Tensor bias, SequencedMap<String, Tensor> parameters) {
    exchange(weight, bias, parameters);
    shared = weight;
  }

  /** Computes with what it was made with again. */
  public final void restore() {
    exchange(ownWeight, ownBias, ownParameters);
  }
}
