package toy;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.optim.BlockOptimizer;
import dev.galen.train.optim.OptimizerSpec;
import java.util.List;
import java.util.Map;

/** Lion (Chen et al. 2023, arXiv 2302.06675) without decay. */
final class Lion extends BlockOptimizer {
  /** A value of the config. */
  record Spec(double beta) implements OptimizerSpec {
    @Override
    public String name() {
      return "Lion";
    }

    @Override
    public Lion create(Map<String, Tensor> parameters) {
      return new Lion(parameters, beta);
    }

    @Override
    public int stateBytes() {
      return Float.BYTES;
    }

    @Override
    public Map<String, String> settings() {
      return Map.of("beta", Double.toString(beta));
    }
  }

  private final double beta;

  private Lion(Map<String, Tensor> parameters, double beta) {
    super(parameters, List.of("mean"));
    this.beta = beta;
  }

  @Override
  protected void update(Backend backend, Piece piece, double learningRate, double scale) {
    var pointwise = backend.pointwise();
    Span mean = piece.states().getFirst();
    try (var scope = MemoryScope.open("lion")) {
      Shape shape = Shape.of(Math.toIntExact(mean.length()));
      Span mixed = Tensors.full(backend, mean.dtype(), shape, 0).span();
      Span change = Tensors.full(backend, mean.dtype(), shape, -learningRate).span();
      pointwise.affine(mean, beta, 0, mixed);
      pointwise.axpy((1 - beta) * scale, piece.gradients(), mixed);
      pointwise.unaryBackward(Unary.ABS, mixed, mixed, change, change); // by the sign
      pointwise.axpy(1, change, piece.values());
      pointwise.affine(mean, 0.99, 0, mean);
      pointwise.axpy(0.01 * scale, piece.gradients(), mean);
    }
  }
}
