package dev.galen.model.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class CrossCacheTest {
  private static final int HEADS = 2;
  private static final Shape TEXTS_BTC = Shape.of(2, 5, 8);

  @Test
  void rowsGoOnReadingTheirTextWhereverTheyMove() {
    try (var scope = MemoryScope.open("test");
        var off = Autograd.noGrad()) {
      var random = new Philox(1);
      Tensor keys = random(TEXTS_BTC, random);
      Tensor values = random(TEXTS_BTC, random);
      Tensor mask =
          Tensors.of(Device.CPU.backend(), new byte[] {1, 1, 1, 1, 1, 0, 0, 1, 1, 1}, 2, 5);
      try (var cache = new CrossCache(2, mask)) {
        cache.add(keys, values);
        Tensor query = random(Shape.of(2, 1, 8), random);
        float[] first = cache.attend(0, query, HEADS, 0.5).toFloats();
        var options = new AttentionOp.Options(0.5, false, mask, 0, null);
        assertArrayEquals(AttentionOp.apply(query, keys, values, HEADS, options).toFloats(), first);

        cache.select(new int[] {1, 1, 0});
        cache.select(new int[] {1, 0, 2}); // of one text: nothing to copy
        Tensor three =
            Tensors.of(Device.CPU, concat(query.toFloats(), new int[] {1, 1, 0}, 8), 3, 1, 8);
        assertArrayEquals(
            concat(first, new int[] {1, 1, 0}, 8), cache.attend(0, three, HEADS, 0.5).toFloats());
      }
    }
  }

  @Test
  void keysThatWantAGradientAreRefused() {
    try (var scope = MemoryScope.open("test");
        var cache = new CrossCache(2, null)) {
      Tensor keys = random(TEXTS_BTC, new Philox(1)).requireGrad();
      assertThrows(IllegalStateException.class, () -> cache.add(keys.mul(2), keys));
    }
  }

  private static Tensor random(Shape shape, Philox random) {
    return Tensors.normal(Device.CPU, DType.F32, shape, 0, 1, random);
  }

  private static float[] concat(float[] rows, int[] order, int width) {
    var all = new float[order.length * width];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(rows, order[i] * width, all, i * width, width);
    }
    return all;
  }
}
