package dev.galen.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.galen.kernels.cuda.binding.cublasLt_h;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.MatmulShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Products by cuBLASLt, which does to C in registers what would else be a kernel of its own, and
 * two passes over C: adds a bias, applies GELU, sums the gradient of a bias. Sums and epilogues are
 * in F32. Everything is row-major.
 *
 * <p>What the library decides for a product, its plan, is kept by shape, type, epilogue and
 * alignment. It may decide that it has no algorithm; then nothing is computed, and the caller goes
 * the long way.
 */
final class CublasLt {
  private static final int MOST_PLANS = 1024;

  /** What is done to the product {@code P = op(A) op(B)}, {@code [m, n]}, on its way into C. */
  enum Epilogue {
    /** {@code C = P + bias}, {@code bias [n]}; C's old values are added where asked. */
    BIAS(cublasLt_h.CUBLASLT_EPILOGUE_BIAS(), false),

    /** {@code C = gelu(P + bias)} by the tanh formula, {@code bias [n]}. */
    GELU_BIAS(cublasLt_h.CUBLASLT_EPILOGUE_GELU_BIAS(), false),

    /** {@code aux = P + bias}, {@code C = gelu(aux)}: what a backward pass starts from. */
    GELU_AUX_BIAS(cublasLt_h.CUBLASLT_EPILOGUE_GELU_AUX_BIAS(), true),

    /** {@code C = P gelu'(aux)}, {@code bias = sum_rows C}, {@code [n]}: GELU_AUX_BIAS backward. */
    GELU_BACKWARD(cublasLt_h.CUBLASLT_EPILOGUE_DGELU_BGRAD(), true),

    /**
     * {@code C = P}, {@code bias = sum_k op(B)}, {@code [n]}: weight {@code [in, out]} and bias.
     */
    SUM_B(cublasLt_h.CUBLASLT_EPILOGUE_BGRADA(), false),

    /**
     * {@code C = P}, {@code bias = sum_k op(A)}, {@code [m]}: weight {@code [out, in]} and bias.
     */
    SUM_A(cublasLt_h.CUBLASLT_EPILOGUE_BGRADB(), false);

    private final int code;
    private final boolean auxiliary;

    Epilogue(int code, boolean auxiliary) {
      this.code = code;
      this.auxiliary = auxiliary;
    }

    /** {@code cublasLtEpilogue_t}. */
    int code() {
      return code;
    }

    /** Whether it reads or writes a second matrix {@code [m, n]}. */
    boolean auxiliary() {
      return auxiliary;
    }
  }

  private final MemorySegment handle;
  private final MemorySegment stream;
  private final DeviceBuffer workspace;
  private final Map<LtPlan.Key, Optional<LtPlan>> plans =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LtPlan.Key, Optional<LtPlan>> eldest) {
          boolean full = size() > MOST_PLANS;
          if (full) {
            eldest.getValue().ifPresent(LtPlan::close);
          }
          return full;
        }
      };

  /** Multiplies on {@code stream}, with {@code workspace} for as long as this lives. */
  CublasLt(DeviceStream stream, DeviceBuffer workspace) {
    this.stream = MemorySegment.ofAddress(stream.address());
    this.workspace = workspace;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment created = arena.allocate(ADDRESS);
      check("cublasLtCreate", cublasLt_h.cublasLtCreate(created));
      handle = created.get(ADDRESS, 0);
    }
  }

  /**
   * Multiplies, where the library can, and says whether it did. Addresses are on the GPU.
   *
   * @param shape the products, one or more
   * @param dtype the type of A and B: F32, F16 or BF16
   * @param result the type of C, bias and aux: the same, or F32
   * @param aux {@code [m, n]} per product, packed like C, where the epilogue has one
   * @param accumulate adds C's old values before the epilogue
   */
  synchronized boolean multiply(
      MatmulShape shape,
      DType dtype,
      DType result,
      Epilogue epilogue,
      long a,
      long b,
      long bias,
      long aux,
      long c,
      boolean accumulate) {
    var key =
        LtPlan.Key.of(shape.withSequence(shape.m()), dtype, result, epilogue, a, b, bias, aux, c);
    Optional<LtPlan> plan = plans.get(key);
    if (plan == null) {
      plan = LtPlan.make(handle, key, workspace.byteSize());
      plans.put(key, plan);
    }
    plan.ifPresent(
        ready -> ready.run(handle, stream, workspace.address(), a, b, bias, aux, c, accumulate));
    return plan.isPresent();
  }

  /** Plans that are kept for products with {@code epilogue}. */
  synchronized long plans(Epilogue epilogue) {
    return plans.entrySet().stream()
        .filter(entry -> entry.getKey().epilogue() == epilogue && entry.getValue().isPresent())
        .count();
  }

  /** Answers that are kept, plans and that there is none. */
  synchronized int plans() {
    return plans.size();
  }

  /** Throws where a call of cuBLASLt did not succeed. */
  static void check(String function, int status) {
    if (status != 0) {
      throw new IllegalStateException(
          "%s failed with status %d: %s"
              .formatted(
                  function, status, cublasLt_h.cublasLtGetStatusString(status).getString(0)));
    }
  }
}
