package dev.galen.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.galen.kernels.cuda.binding.cublasLtMatmulHeuristicResult_t;
import dev.galen.kernels.cuda.binding.cublasLt_h;
import dev.galen.kernels.cuda.binding.cublas_h;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.MatmulShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * How cuBLASLt computes one product: its descriptions, and the algorithm that it chose. The library
 * is column-major, so that a row-major C is its transpose there: {@code C^T = op(B)^T op(A)^T}. Its
 * first operand is our B, its rows are our columns, and a bias along its rows is one along ours.
 */
final class LtPlan implements AutoCloseable {
  /** What device memory is aligned to, and all that an algorithm asks for, in bytes. */
  private static final int ALIGNMENT = 256;

  /** The auxiliary matrix wants rows of so many elements. */
  private static final int AUXILIARY_STEP = 8;

  /**
   * What a plan is made for; alignments are powers of two, in bytes.
   *
   * @param auxiliary of aux, or of the bias where that is less
   */
  record Key(
      MatmulShape shape,
      DType dtype,
      DType result,
      CublasLt.Epilogue epilogue,
      int alignmentA,
      int alignmentB,
      int alignmentC,
      int auxiliary) {
    static Key of(
        MatmulShape shape,
        DType dtype,
        DType result,
        CublasLt.Epilogue epilogue,
        long a,
        long b,
        long bias,
        long aux,
        long c) {
      return new Key(
          shape,
          dtype,
          result,
          epilogue,
          alignment(a),
          alignment(b),
          alignment(c),
          alignment(aux | bias));
    }

    private static int alignment(long address) {
      return (int) Long.lowestOneBit(address | ALIGNMENT);
    }
  }

  private final Arena arena = Arena.ofShared();
  private final List<Runnable> destroyers = new ArrayList<>();
  private final Key key;
  private final MemorySegment value = arena.allocate(JAVA_LONG);
  private final MemorySegment operation;
  private final MemorySegment first;
  private final MemorySegment second;
  private final MemorySegment output;
  private final MemorySegment choice = cublasLtMatmulHeuristicResult_t.allocate(arena);

  private LtPlan(Key key) {
    this.key = key;
    MatmulShape s = key.shape();
    operation =
        create(
            "cublasLtMatmulDescCreate",
            to ->
                cublasLt_h.cublasLtMatmulDescCreate(
                    to, CublasTypes.sums(key.dtype(), s.tf32()), cublas_h.CUDA_R_32F()),
            cublasLt_h::cublasLtMatmulDescDestroy);
    describe(
        cublasLt_h.CUBLASLT_MATMUL_DESC_TRANSA(),
        CublasTypes.operation(s.transposeB()),
        Integer.BYTES);
    describe(
        cublasLt_h.CUBLASLT_MATMUL_DESC_TRANSB(),
        CublasTypes.operation(s.transposeA()),
        Integer.BYTES);
    describe(cublasLt_h.CUBLASLT_MATMUL_DESC_EPILOGUE(), key.epilogue().code(), Integer.BYTES);
    if (key.epilogue().auxiliary()) {
      describe(cublasLt_h.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD(), s.n(), Long.BYTES);
    }
    // Only its alignment is read before the product runs.
    pointers(key.auxiliary(), key.auxiliary());
    first =
        layout(
            key.dtype(),
            s.transposeB() ? s.k() : s.n(),
            s.transposeB() ? s.n() : s.k(),
            s.strideB());
    second =
        layout(
            key.dtype(),
            s.transposeA() ? s.m() : s.k(),
            s.transposeA() ? s.k() : s.m(),
            s.strideA());
    output = layout(key.result(), s.n(), s.m(), s.strideC());
  }

  /** The plan for {@code key}, or none where the library has no algorithm for it. */
  static Optional<LtPlan> make(MemorySegment handle, Key key, long workspace) {
    if (key.epilogue().auxiliary()
        && (key.shape().batch() != 1 || key.shape().n() % AUXILIARY_STEP != 0)) {
      return Optional.empty();
    }
    var plan = new LtPlan(key);
    if (plan.choose(handle, workspace)) {
      return Optional.of(plan);
    }
    plan.close();
    return Optional.empty();
  }

  private boolean choose(MemorySegment handle, long workspace) {
    MemorySegment preference =
        create(
            "cublasLtMatmulPreferenceCreate",
            cublasLt_h::cublasLtMatmulPreferenceCreate,
            cublasLt_h::cublasLtMatmulPreferenceDestroy);
    prefer(
        preference, cublasLt_h.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES(), workspace, Long.BYTES);
    // Parts of a sum are neither rounded to short types nor added by whoever comes first.
    prefer(
        preference,
        cublasLt_h.CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK(),
        cublasLt_h.CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE(),
        Integer.BYTES);
    int[] alignments = {
      cublasLt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES(), key.alignmentB(),
      cublasLt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES(), key.alignmentA(),
      cublasLt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES(), key.alignmentC(),
      cublasLt_h.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES(), key.alignmentC()
    };
    for (int i = 0; i < alignments.length; i += 2) {
      prefer(preference, alignments[i], alignments[i + 1], Integer.BYTES);
    }
    MemorySegment found = arena.allocate(JAVA_INT);
    // A status says only that no algorithm fits; what is wrong would show in every call before.
    int status =
        cublasLt_h.cublasLtMatmulAlgoGetHeuristic(
            handle, operation, first, second, output, output, preference, 1, choice, found);
    return status == cublas_h.CUBLAS_STATUS_SUCCESS()
        && found.get(JAVA_INT, 0) == 1
        && cublasLtMatmulHeuristicResult_t.state(choice) == cublas_h.CUBLAS_STATUS_SUCCESS();
  }

  /** Queues the product; see {@link CublasLt#multiply}. */
  void run(
      MemorySegment handle,
      MemorySegment stream,
      long workspace,
      long a,
      long b,
      long bias,
      long aux,
      long c,
      boolean accumulate) {
    pointers(bias, aux);
    MemorySegment atC = MemorySegment.ofAddress(c);
    int status =
        cublasLt_h.cublasLtMatmul(
            handle,
            operation,
            CublasTypes.ONE,
            MemorySegment.ofAddress(b),
            first,
            MemorySegment.ofAddress(a),
            second,
            CublasTypes.scale(accumulate),
            atC,
            output,
            atC,
            output,
            cublasLtMatmulHeuristicResult_t.algo(choice),
            MemorySegment.ofAddress(workspace),
            cublasLtMatmulHeuristicResult_t.workspaceSize(choice),
            stream);
    if (status != cublas_h.CUBLAS_STATUS_SUCCESS()) {
      CublasLt.check("cublasLtMatmul of " + key, status);
    }
  }

  private void pointers(long bias, long aux) {
    describe(cublasLt_h.CUBLASLT_MATMUL_DESC_BIAS_POINTER(), bias, Long.BYTES);
    if (key.epilogue().auxiliary()) {
      describe(cublasLt_h.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER(), aux, Long.BYTES);
    }
  }

  /** A column-major matrix without gaps between columns. */
  private MemorySegment layout(DType dtype, int rows, int columns, long stride) {
    MemorySegment layout =
        create(
            "cublasLtMatrixLayoutCreate",
            to ->
                cublasLt_h.cublasLtMatrixLayoutCreate(
                    to, CublasTypes.type(dtype), rows, columns, rows),
            cublasLt_h::cublasLtMatrixLayoutDestroy);
    if (key.shape().batch() > 1) {
      layoutAttribute(
          layout,
          cublasLt_h.CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT(),
          key.shape().batch(),
          Integer.BYTES);
      layoutAttribute(
          layout, cublasLt_h.CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET(), stride, Long.BYTES);
    }
    return layout;
  }

  private MemorySegment create(
      String function,
      ToIntFunction<MemorySegment> constructor,
      ToIntFunction<MemorySegment> destructor) {
    MemorySegment created = arena.allocate(ADDRESS);
    CublasLt.check(function, constructor.applyAsInt(created));
    MemorySegment object = created.get(ADDRESS, 0);
    destroyers.add(() -> CublasLt.check("destroying a plan", destructor.applyAsInt(object)));
    return object;
  }

  private void describe(int attribute, long number, long bytes) {
    CublasLt.check(
        "cublasLtMatmulDescSetAttribute " + attribute,
        cublasLt_h.cublasLtMatmulDescSetAttribute(operation, attribute, value(number), bytes));
  }

  private void prefer(MemorySegment preference, int attribute, long number, long bytes) {
    CublasLt.check(
        "cublasLtMatmulPreferenceSetAttribute " + attribute,
        cublasLt_h.cublasLtMatmulPreferenceSetAttribute(
            preference, attribute, value(number), bytes));
  }

  private void layoutAttribute(MemorySegment layout, int attribute, long number, long bytes) {
    CublasLt.check(
        "cublasLtMatrixLayoutSetAttribute " + attribute,
        cublasLt_h.cublasLtMatrixLayoutSetAttribute(layout, attribute, value(number), bytes));
  }

  /** On little-endian machines, which all that CUDA runs on are, an int is a long's first half. */
  private MemorySegment value(long number) {
    value.set(JAVA_LONG, 0, number);
    return value;
  }

  @Override
  public void close() {
    destroyers.forEach(Runnable::run);
    arena.close();
  }
}
