package dev.galen.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.NormKernels;
import dev.galen.tensor.backend.host.HostAllocator;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which kernels {@link LayerNormOp#residual} calls: one, unless autocast widens the sum. */
class ResidualNormTest {
  private final List<String> called = new ArrayList<>();
  private final Backend spy = spy();

  @Test
  void oneKernelWhereTheSumIsNormalisedAsItIs() {
    for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16, DType.F64)) {
      expect(List.of("residualLayerNorm"), null, dtype, dtype, dtype, dtype);
    }
    // GPT-2 under autocast: the residual stream is F32, what attention adds is low.
    expect(List.of("residualLayerNorm"), DType.BF16, DType.F32, DType.BF16, DType.F32, DType.F32);
    expect(List.of("residualLayerNorm"), DType.F16, DType.F16, DType.BF16, DType.F32, DType.F32);
  }

  @Test
  void twoWhereALowSumIsWidened() {
    expect(List.of("layerNorm"), DType.BF16, DType.BF16, DType.BF16, DType.BF16, DType.F32);
  }

  private void expect(
      List<String> kernels, DType cast, DType x, DType residual, DType sum, DType output) {
    called.clear();
    DType parameters = cast == null ? x : DType.F32;
    try (var mode = cast == null ? Autograd.noGrad() : Autocast.to(cast)) {
      var both =
          LayerNormOp.residual(
              ones(x, 3, 4), ones(residual, 3, 4), ones(parameters, 4), ones(parameters, 4), 1e-5);
      assertEquals(kernels, called);
      assertEquals(sum, both.sum().dtype());
      assertEquals(output, both.output().dtype());
    }
  }

  private Tensor ones(DType dtype, int... shape) {
    return Tensors.full(spy, dtype, Shape.of(shape), 1);
  }

  private Backend spy() {
    var reference = new ReferenceBackend();
    var allocator = new HostAllocator();
    NormKernels norm =
        (NormKernels)
            Proxy.newProxyInstance(
                NormKernels.class.getClassLoader(),
                new Class<?>[] {NormKernels.class},
                (self, method, arguments) -> {
                  called.add(method.getName());
                  return method.invoke(reference.norm(), arguments);
                });
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "allocate" -> allocator.allocate((Backend) self, (long) arguments[0]);
                  case "norm" -> norm;
                  default -> method.invoke(reference, arguments);
                });
  }
}
