package dev.galen.model.nn;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.util.function.Predicate;

/**
 * Weights of which some matrices get an update of low rank to learn (Hu et al. 2021, arXiv
 * 2106.09685). Updates start as PEFT's do: A uniform in {@code +-1/sqrt(in)}, which is Kaiming's
 * with {@code a = sqrt(5)}, and B zero, so that a model is at first the one it came from. {@link
 * #freezeBase} freezes everything else once the model is made.
 */
public final class LowRankWeights extends Weights {
  private final Weights base;
  private final Predicate<String> adapts;
  private final int rank;
  private final double scale;
  private final Philox random;

  /**
   * Updates over {@code base}.
   *
   * @param adapts which matrices get one, by dotted path with {@code weight} at its end
   * @param rank of an update
   * @param alpha an update is scaled by {@code alpha / rank}
   * @param random what A is initialised from
   */
  public LowRankWeights(
      Weights base, Predicate<String> adapts, int rank, double alpha, Philox random) {
    super(base.device());
    if (rank < 1) {
      throw new IllegalArgumentException("rank is " + rank + ", must be at least 1");
    }
    this.base = base;
    this.adapts = adapts;
    this.rank = rank;
    this.scale = alpha / rank;
    this.random = random;
  }

  @Override
  public WeightFormat format() {
    return base.format();
  }

  @Override
  public boolean areAsAsked() {
    return base.areAsAsked();
  }

  @Override
  protected Tensor find(String path, Shape shape, Initializer initializer) {
    return base.find(path, shape, initializer);
  }

  @Override
  protected Weight findWeight(
      String path, Shape shape, boolean outputFirst, Initializer initializer) {
    Weight weight = base.findWeight(path, shape, outputFirst, initializer);
    if (!adapts.test(path)) {
      return weight;
    }
    int in = shape.dim(outputFirst ? 1 : 0);
    int out = shape.dim(outputFirst ? 0 : 1);
    double bound = 1 / Math.sqrt(in);
    Tensor down =
        MemoryScope.outside(
            () -> Tensors.uniform(device(), DType.F32, Shape.of(rank, in), -bound, bound, random));
    Tensor up = MemoryScope.outside(() -> Tensors.zeros(device(), DType.F32, Shape.of(out, rank)));
    return new Weight.LowRank(weight, down, up, scale);
  }

  /** Freezes every parameter of {@code model} that is none of an update's. */
  public static void freezeBase(Layer model) {
    model.visit("", (path, layer) -> layer.freezeBase());
  }
}
