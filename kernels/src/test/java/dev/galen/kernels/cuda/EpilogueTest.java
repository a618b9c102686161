package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.kernels.cuda.CublasLt.Epilogue;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.FeedForwardOp;
import dev.galen.tensor.ops.LinearOp;
import dev.galen.tensor.testing.OpCase;
import dev.galen.tensor.testing.OpCatalog;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Operations take cuBLASLt's epilogues where it has them, which is seen by the products that are
 * left for cuBLAS; and they are right where it has none.
 */
@Tag("software-gpu")
class EpilogueTest {
  private static final int WORKSPACE = 1 << 20;

  private static Backend withLibrary;
  private static CublasLt library;
  private static Backend without;
  private static int plainProducts;

  @BeforeAll
  static void open() {
    CudaParity.gpu();
    withLibrary =
        new CudaBackend(
            (cuda, self) -> {
              library = new CublasLt(cuda.stream(), cuda.allocate(WORKSPACE));
              return new CudaMatmul(cuda, self, counted(cuda), library);
            });
    without = new CudaBackend((cuda, self) -> new CudaMatmul(cuda, self, counted(cuda), null));
  }

  private static Gemm counted(CudaContext cuda) {
    var gemm = new JCublasGemm(cuda.stream(), cuda.allocate(WORKSPACE));
    return (Gemm)
        Proxy.newProxyInstance(
            Gemm.class.getClassLoader(),
            new Class<?>[] {Gemm.class},
            (self, method, arguments) -> {
              plainProducts++;
              return method.invoke(gemm, arguments);
            });
  }

  private static Tensor leaf(Backend backend, DType dtype, int... dims) {
    int length = 1;
    for (int dim : dims) {
      length *= dim;
    }
    var zeros = MemorySegment.ofArray(new byte[length * dtype.byteSize()]);
    return Tensors.upload(backend, dtype, zeros, dims).requireGrad();
  }

  private static int productsOf(Runnable work) {
    int before = plainProducts;
    try (var scope = MemoryScope.open("test")) {
      work.run();
    }
    return plainProducts - before;
  }

  private static Tensor feedForward(Backend backend, DType dtype, Unary f, int inner) {
    boolean outputFirst = inner % 16 == 0;
    return FeedForwardOp.apply(
        leaf(backend, dtype, 5, 7),
        outputFirst ? leaf(backend, dtype, inner, 7) : leaf(backend, dtype, 7, inner),
        leaf(backend, dtype, inner),
        f,
        outputFirst ? leaf(backend, dtype, 3, inner) : leaf(backend, dtype, inner, 3),
        leaf(backend, dtype, 3),
        outputFirst);
  }

  private static void train(Tensor y) {
    Tensor dY = Tensors.empty(y.backend(), y.dtype(), y.shape());
    y.backend().copy().fill(dY.span(), 1);
    Autograd.backward(y, dY);
  }

  /** Of six products dX and dW1 have no epilogue; the weights lie either way. */
  @ParameterizedTest
  @ValueSource(ints = {24, 32})
  void feedForwardTakesThem(int inner) {
    for (DType dtype : CudaParity.TYPES) {
      for (int pass = 1; pass <= 2; pass++) {
        assertEquals(
            2, productsOf(() -> train(feedForward(withLibrary, dtype, Unary.GELU_TANH, inner))));
      }
      try (var off = Autograd.noGrad()) {
        assertEquals(0, productsOf(() -> feedForward(withLibrary, dtype, Unary.GELU_TANH, inner)));
        assertEquals(2, productsOf(() -> feedForward(without, dtype, Unary.GELU_TANH, inner)));
      }
      assertEquals(6, productsOf(() -> train(feedForward(without, dtype, Unary.GELU_TANH, inner))));
      // The library knows one function, and sums for the bias behind no other.
      assertEquals(3, productsOf(() -> train(feedForward(withLibrary, dtype, Unary.SILU, inner))));
    }
  }

  /** A bias alone would leave no product to cuBLAS either. */
  @Test
  void geluIsAmongThem() {
    for (Epilogue epilogue :
        List.of(Epilogue.GELU_BIAS, Epilogue.GELU_AUX_BIAS, Epilogue.GELU_BACKWARD)) {
      long before = library.plans(epilogue);
      try (var scope = MemoryScope.open("test");
          var mode = epilogue == Epilogue.GELU_BIAS ? Autograd.noGrad() : Autograd.enableGrad()) {
        Tensor y = feedForward(withLibrary, DType.F32, Unary.GELU_TANH, 72);
        if (epilogue == Epilogue.GELU_BACKWARD) {
          train(y);
        }
      }
      assertEquals(before + 1, library.plans(epilogue), epilogue.toString());
    }
  }

  /** Rows of z that are no multiple of 16 bytes have no epilogue. */
  @Test
  void oddWidthsGoTheLongWay() {
    assertEquals(
        3, productsOf(() -> train(feedForward(withLibrary, DType.F32, Unary.GELU_TANH, 25))));
  }

  /** Of three products dX alone has no epilogue. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void linearTakesThem(boolean outputFirst) {
    for (DType dtype : CudaParity.TYPES) {
      for (Backend backend : List.of(withLibrary, without)) {
        int products =
            productsOf(
                () -> {
                  int[] dims = outputFirst ? new int[] {3, 7} : new int[] {7, 3};
                  Tensor weight = leaf(backend, dtype, dims);
                  Tensor x = leaf(backend, dtype, 5, 7);
                  train(LinearOp.apply(x, weight, leaf(backend, dtype, 3), outputFirst));
                });
        assertEquals(backend == withLibrary ? 1 : 3, products);
      }
    }
  }

  static Stream<OpCase> products() {
    return Stream.of(OpCatalog.cases(1, 1), OpCatalog.cases(13, 207), OpCatalog.cases(207, 13))
        .flatMap(List::stream)
        .filter(op -> List.of("Matmul", "Linear", "FeedForward").contains(op.op()));
  }

  /** {@link CudaOpCatalogTest} has the same with the library. */
  @ParameterizedTest
  @MethodSource("products")
  void withoutTheLibraryEqualsTheReference(OpCase op) {
    try (var scope = MemoryScope.open("parity of " + op.name())) {
      List<Tensor> expected = results(op, Device.REFERENCE.backend());
      List<Tensor> actual = results(op, without);
      for (int i = 0; i < expected.size(); i++) {
        TensorAssert.assertClose(
            op.name() + ", result " + i,
            expected.get(i),
            actual.get(i),
            Tolerance.of(DType.F32, op.reduction()));
      }
    }
  }

  private static List<Tensor> results(OpCase op, Backend backend) {
    var leaves = new ArrayList<Tensor>();
    for (Tensor x : op.draw(Device.REFERENCE, DType.F32, 1)) {
      var values = MemorySegment.ofArray(x.toFloats());
      leaves.add(Tensors.upload(backend, DType.F32, values, x.shape().toArray()).requireGrad());
    }
    Tensor output = op.run().apply(leaves);
    output.sum().backward();
    var results = new ArrayList<Tensor>();
    results.add(output);
    leaves.forEach(leaf -> results.add(leaf.grad()));
    return results;
  }
}
