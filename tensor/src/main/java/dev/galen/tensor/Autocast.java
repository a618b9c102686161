package dev.galen.tensor;

import dev.galen.tensor.memory.MemoryScope;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Mixed precision (Micikevicius et al. 2017, arXiv 1710.03740) by the rules of {@code
 * torch.autocast}. While it is on, on this thread,
 *
 * <ul>
 *   <li>products (linear, matmul, attention) round their operands to F16 or BF16, sum in F32 and
 *       give F16 or BF16;
 *   <li>norms, softmax, exponentials, logarithms and sums give F32; cross-entropy computes in F32
 *       from logits as they are, which saves a copy of them;
 *   <li>what combines tensors of several types takes the widest, F32 for F16 with BF16;
 *   <li>everything else has the type of its input, and F64 is left alone.
 * </ul>
 *
 * <p>A leaf that wants a gradient, such as a weight, stays F32. It is rounded once, and the rounded
 * copy is used again until the scope ends or {@link #weightsChanged} says that it is stale. Copies
 * belong to the {@link MemoryScope} around the {@code Autocast}, so that a backward pass may come
 * after it. Gradients of F32 operands come out of their product in F32, not rounded on the way.
 *
 * <pre>{@code
 * try (var step = MemoryScope.open("step")) {
 *   Tensor loss;
 *   try (var low = Autocast.to(DType.BF16)) {
 *     loss = model.loss(batch);
 *   }
 *   loss.backward();
 * }
 * }</pre>
 */
public final class Autocast {
  private static final ThreadLocal<Autocast> CURRENT = new ThreadLocal<>();

  private final DType low;
  private final boolean tf32;
  private final Autocast outer = CURRENT.get();
  private final MemoryScope memory = MemoryScope.current();
  private final Map<Tensor, Tensor> rounded = new IdentityHashMap<>();

  private Autocast(DType low, boolean tf32) {
    this.low = low;
    this.tf32 = tf32;
  }

  /**
   * An operand of a product.
   *
   * @param source what its gradient belongs to
   * @param value what the kernel reads: contiguous, the same numbers or rounded ones
   */
  public record Operand(Tensor source, Tensor value) {}

  /** Products in {@code low}, F16 or BF16, until the result is closed. */
  public static Autograd.Mode to(DType low) {
    if (low != DType.F16 && low != DType.BF16) {
      throw new IllegalArgumentException("autocast goes to F16 or BF16, not to " + low);
    }
    return enter(new Autocast(low, false));
  }

  /**
   * Lets products of F32 round their operands to TF32's 10 bits, until the result is closed. A
   * backend that has no such products computes them in F32.
   */
  public static Autograd.Mode tf32() {
    return enter(new Autocast(null, true));
  }

  /** No rounding until the result is closed, inside of the others. */
  public static Autograd.Mode off() {
    return enter(new Autocast(null, false));
  }

  /** The state of this thread, or null if it never changed: for {@link #enter}. */
  public static Autocast current() {
    return CURRENT.get();
  }

  /** The state that {@link #current} gave before, with its copies, until the result is closed. */
  public static Autograd.Mode enter(Autocast state) {
    Autocast before = CURRENT.get();
    CURRENT.set(state);
    return () -> CURRENT.set(before);
  }

  /** The type of products, or null where they keep that of their operands. */
  private static DType low() {
    Autocast current = CURRENT.get();
    return current == null ? null : current.low;
  }

  /** Whether products are in {@code low} on this thread. */
  public static boolean isTo(DType low) {
    return low == low();
  }

  /** Whether products of F32 may be in TF32. */
  public static boolean allowsTf32() {
    Autocast current = CURRENT.get();
    return current != null && current.tf32;
  }

  /** Lets go of rounded copies; to be called where weights change inside of a scope. */
  public static void weightsChanged() {
    for (Autocast scope = CURRENT.get(); scope != null; scope = scope.outer) {
      scope.rounded.values().forEach(Tensor::free);
      scope.rounded.clear();
    }
  }

  /** An operand of a product in the type of products. */
  public static Operand operand(Tensor x) {
    DType low = low();
    if (low == null || x.dtype() != DType.F32) {
      Tensor ready = lower(x).contiguous();
      return new Operand(ready, ready);
    }
    try (var off = Autograd.noGrad()) {
      return new Operand(x, CURRENT.get().rounded(x));
    }
  }

  private Tensor rounded(Tensor x) {
    if (x.node() != null || !x.requiresGrad()) {
      return x.to(low);
    }
    return rounded.computeIfAbsent(x, leaf -> MemoryScope.in(memory, () -> leaf.to(low)));
  }

  /** {@code x} in the type of products; a cast that is recorded. */
  public static Tensor lower(Tensor x) {
    DType low = low();
    return low != null && isRounded(x.dtype()) ? x.to(low) : x;
  }

  /** {@code x} in F32 at least, where it is rounded and autocast is on. */
  public static Tensor widen(Tensor x) {
    return low() != null && isRounded(x.dtype()) ? x.to(DType.F32) : x;
  }

  /** Tensors that are to be combined, in the widest of their types where autocast is on. */
  public static Tensor[] promote(Tensor... tensors) {
    Tensor[] result = tensors.clone();
    if (low() == null) {
      return result;
    }
    DType widest = tensors[0].dtype();
    for (Tensor tensor : tensors) {
      if (!tensor.dtype().isFloating()) {
        return result;
      }
      widest = wider(widest, tensor.dtype());
    }
    for (int i = 0; i < result.length; i++) {
      result[i] = result[i].to(widest);
    }
    return result;
  }

  private static DType wider(DType a, DType b) {
    if (a == b) {
      return a;
    }
    return a == DType.F64 || b == DType.F64 ? DType.F64 : DType.F32;
  }

  /** F32 and what is rounded from it: what autocast changes. */
  private static boolean isRounded(DType dtype) {
    return dtype == DType.F32 || dtype == DType.F16 || dtype == DType.BF16;
  }
}
