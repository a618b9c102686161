package dev.galen.tensor;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.memory.MemoryScope;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Brings values to Java arrays and to other backends. */
final class HostCopy {
  private HostCopy() {}

  static float[] floats(Tensor tensor) {
    var values = new float[Math.toIntExact(tensor.shape().size())];
    floats(tensor, values);
    return values;
  }

  static void floats(Tensor tensor, float[] target) {
    if (target.length != tensor.shape().size()) {
      throw new IllegalArgumentException(
          "%d floats cannot take the elements of %s".formatted(target.length, tensor.describe()));
    }
    download(tensor, DType.F32, MemorySegment.ofArray(target));
  }

  static double[] doubles(Tensor tensor) {
    var values = new double[Math.toIntExact(tensor.shape().size())];
    download(tensor, DType.F64, MemorySegment.ofArray(values));
    return values;
  }

  static int[] ints(Tensor tensor) {
    var values = new int[Math.toIntExact(tensor.shape().size())];
    download(tensor, DType.I32, MemorySegment.ofArray(values));
    return values;
  }

  static long[] longs(Tensor tensor) {
    var values = new long[Math.toIntExact(tensor.shape().size())];
    download(tensor, DType.I64, MemorySegment.ofArray(values));
    return values;
  }

  static Tensor move(Tensor tensor, Backend target) {
    try (var arena = Arena.ofConfined()) {
      long bytes = tensor.shape().size() * tensor.dtype().byteSize();
      MemorySegment host = arena.allocate(Math.max(bytes, 1), 64).asSlice(0, bytes);
      download(tensor, tensor.dtype(), host);
      return Tensors.upload(target, tensor.dtype(), host, tensor.shape().toArray());
    }
  }

  private static void download(Tensor tensor, DType dtype, MemorySegment target) {
    try (var scope = MemoryScope.open("copy to the host");
        var off = Autograd.noGrad()) {
      Tensor ready = tensor.detach().to(dtype).contiguous();
      ready.backend().download(ready.contiguousSpan(), target);
    }
  }
}
