package dev.galen.model.pretrained;

import dev.galen.model.Generative;
import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.ExpandOp;
import dev.galen.tensor.ops.ReduceOp;
import dev.galen.tensor.random.Philox;
import java.util.SequencedMap;

/**
 * A model with more rows for tokens: its embedding, and a head and a bias of its own for each
 * token, get rows that are the mean of those there were (Hewitt, "Initializing new word embeddings
 * for pretrained language models", 2021), which transformers draws from a normal closely around it.
 * Everything else is the same tensor.
 */
final class GrownVocabulary extends Weights {
  private final SequencedMap<String, Tensor> held;

  private GrownVocabulary(Device device, SequencedMap<String, Tensor> held) {
    super(device);
    this.held = held;
  }

  /**
   * The rows that a model with {@code rows} has for {@code tokens} ids: as many as it had or more,
   * and where it has to grow a multiple of {@code multiple}.
   */
  static int rows(int rows, int tokens, int multiple) {
    return tokens <= rows ? rows : Math.multiplyExact(Math.ceilDiv(tokens, multiple), multiple);
  }

  /** {@code model} with {@code rows} of them; it is not to be used any more. */
  static <M extends Model> M of(M model, int rows) {
    model.requireUnpacked("given new tokens");
    model.requireNoAdapters();
    return of(Architectures.Made.of(model), model, rows);
  }

  @SuppressWarnings("unchecked") // The head makes models of the class that its model has.
  private static <C extends ModelConfig, M extends Model> M of(
      Architectures.Made<C, ?> made, M model, int rows) {
    ModelConfig larger = made.config().withVocabulary(rows, made.config().special());
    C config = made.architecture().configType().cast(larger);
    var weights = new GrownVocabulary(device(model.backend()), model.parameters());
    Model grown = made.head().constructor().of(config, weights, new Philox(0));
    if (model instanceof Generative texts && grown instanceof Generative other) {
      other.setEndOfTextIds(texts.endOfTextIds());
    }
    return (M) grown;
  }

  private static Device device(Backend backend) {
    boolean slow = Device.REFERENCE.backend() == backend;
    return slow ? Device.REFERENCE : Device.of(backend.place());
  }

  @Override
  protected Tensor find(String path, Shape shape, Initializer initializer) {
    Tensor tensor = held.get(path);
    if (tensor == null) {
      throw new IllegalStateException("the model had no " + path);
    }
    return tensor.shape().equals(shape) ? tensor : grown(tensor, shape);
  }

  private static Tensor grown(Tensor tensor, Shape shape) {
    if (tensor.shape().rank() != shape.rank()
        || tensor.dim(0) > shape.dim(0)
        || !tensor.shape().equals(shape.withDim(0, tensor.dim(0)))) {
      throw new IllegalStateException("cannot grow %s to %s".formatted(tensor.shape(), shape));
    }
    return MemoryScope.outside(
        () -> {
          try (var off = Autograd.noGrad()) {
            Tensor mean = ReduceOp.apply(Reduction.MEAN, tensor, 0);
            Tensor row = mean.reshape(shape.withDim(0, 1).toArray());
            Shape added = shape.withDim(0, shape.dim(0) - tensor.dim(0));
            return ConcatOp.apply(0, tensor, ExpandOp.apply(row, added).contiguous());
          }
        });
  }
}
