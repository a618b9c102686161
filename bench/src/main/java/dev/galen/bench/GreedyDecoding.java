package dev.galen.bench;

import dev.galen.model.CausalLm;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;

/** One text, token by token, the likeliest each time. */
public final class GreedyDecoding {
  private GreedyDecoding() {}

  /** The token behind {@code ids}, which the cache has seen then. */
  public static int next(CausalLm model, KvCache cache, int... ids) {
    try (var scope = MemoryScope.open("token");
        var off = Autograd.noGrad()) {
      var input = Tensors.of(model.backend(), ids, 1, ids.length);
      return model.next(input, cache).argmax().toInts()[0];
    }
  }
}
