package dev.galen.bench;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import java.util.SplittableRandom;

/** What is computed with: never zeros, which some CPUs multiply faster. */
public final class RandomData {
  private RandomData() {}

  /** F32 values between -1 and 1. */
  public static Tensor uniform(Backend backend, long seed, int... dims) {
    Tensor tensor = Tensors.empty(backend, DType.F32, Shape.of(dims));
    backend.random().uniform(tensor.span(), -1, 1, seed, 0);
    return tensor;
  }

  /** Token ids. */
  public static int[] ids(int count, int vocabularySize) {
    return new SplittableRandom(1).ints(count, 0, vocabularySize).toArray();
  }
}
