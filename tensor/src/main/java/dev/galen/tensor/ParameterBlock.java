package dev.galen.tensor;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.memory.MemoryScope;
import java.util.List;

/**
 * Parameters and their gradients, each kind in one contiguous block, so that the norm, the update
 * and the checkpoint are single sweeps. Making the block moves the parameters into it: the tensors
 * stay the same objects. Each starts on a 64-byte boundary; the gaps are zero and stay zero.
 *
 * <p>A parameter lies in one block at a time: a block that is made later takes it over, and {@link
 * #owns} tells the earlier one.
 */
public final class ParameterBlock {
  private static final int ALIGNMENT = 16;

  private final List<Tensor> parameters;
  private final Tensor values;
  private final Tensor gradients;
  private final Buffer home; // not asked of values, which a later block may have freed

  private ParameterBlock(List<Tensor> parameters, Tensor values, Tensor gradients) {
    this.parameters = parameters;
    this.values = values;
    this.gradients = gradients;
    this.home = values.span().buffer();
  }

  /** Moves {@code parameters}, F32 and distinct, into one block of their backend. */
  public static ParameterBlock of(List<Tensor> parameters) {
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("there are no parameters to train");
    }
    Backend backend = parameters.getFirst().backend();
    long length = 0;
    for (Tensor parameter : parameters) {
      if (parameter.dtype() != DType.F32) {
        throw new IllegalArgumentException(
            "cannot train " + parameter.describe() + "; convert it to F32");
      }
      length += aligned(parameter);
    }
    if (length > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the model has %,d parameters; at most %,d can be trained"
              .formatted(length, Integer.MAX_VALUE));
    }
    int size = (int) length;
    Tensor values = outside(backend, size);
    Tensor gradients = outside(backend, size);
    long at = 0;
    for (Tensor parameter : parameters) {
      Span home = values.span().slice(at, parameter.shape().size());
      Span gradient = gradients.span().slice(at, parameter.shape().size());
      Span old = parameter.span();
      backend.copy().copy(old, parameter.layout(), home, parameter.layout());
      parameter.rehome(home);
      freeUnlessShared(old);
      parameter.setGradStorage(new Tensor(gradient, parameter.layout()));
      at += aligned(parameter);
    }
    return new ParameterBlock(List.copyOf(parameters), values, gradients);
  }

  /** Memory that holds more than the parameter, such as an older block, is left to the cleaner. */
  private static void freeUnlessShared(Span old) {
    if (old.byteSize() == old.buffer().byteSize()) {
      old.buffer().free("the move into a parameter block");
    }
  }

  private static Tensor outside(Backend backend, int size) {
    return MemoryScope.outside(() -> Tensors.full(backend, DType.F32, Shape.of(size), 0));
  }

  private static long aligned(Tensor parameter) {
    return (parameter.shape().size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** The parameters, in block order. */
  public List<Tensor> parameters() {
    return parameters;
  }

  /** All values: F32 {@code [n]}. */
  public Tensor values() {
    return values;
  }

  /** Whether {@code parameter} still lies here; a block that was made later may have taken it. */
  public boolean owns(Tensor parameter) {
    return parameter.span().buffer() == home;
  }

  /**
   * All gradients: F32 {@code [n]}; a parameter that no gradient has reached, or that is frozen,
   * counts as zero.
   */
  public Tensor gradients() {
    for (Tensor parameter : parameters) {
      if (parameter.grad() == null || !parameter.requiresGrad()) {
        parameter.backend().copy().fill(parameter.gradStorage().span(), 0);
        parameter.markGradDefined();
      }
    }
    return gradients;
  }

  /** The position in the block of parameter {@code index}; the block's length for one too many. */
  public long start(int index) {
    long at = 0;
    for (Tensor parameter : parameters.subList(0, index)) {
      at += aligned(parameter);
    }
    return at;
  }

  /**
   * Gives the gradients' memory back; the parameters that still lie here collect new ones on their
   * own.
   */
  public void freeGradients() {
    gradients.free();
    parameters.stream().filter(this::owns).forEach(Tensor::dropGradStorage);
  }

  /** Forgets all gradients; the next ones overwrite them. */
  public void zeroGrad() {
    parameters.forEach(Tensor::zeroGrad);
  }
}
