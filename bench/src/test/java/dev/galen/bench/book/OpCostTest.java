package dev.galen.bench.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.bench.OpCases;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.testing.OpCase;
import org.junit.jupiter.api.Test;

class OpCostTest {
  private static Cost cost(String name, int rows, int cols) {
    OpCase op =
        OpCases.at(rows, cols).stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow();
    return cost(op);
  }

  private static Cost cost(OpCase op) {
    try (var scope = MemoryScope.open("test")) {
      return OpCost.of(op, op.run().apply(op.draw(Device.CPU, DType.F32, 1)));
    }
  }

  @Test
  void productsCountThreeTimesTwoMnk() {
    for (String variant : new String[] {"NN", "NT", "TN", "TT"}) {
      Cost cost = cost("Matmul " + variant, 5, 9);
      assertEquals(3 * 2 * 5 * 9 * 9, cost.flops(), 1e-6); // k is as large as n here
      assertEquals(2 * 4 * (5 * 9 + 9 * 9 + 5 * 9.0), cost.bytes());
      assertEquals(3 * cost.flops(), cost("Matmul batched " + variant, 5, 9).flops(), 1e-6);
    }
    Cost linear = cost("Linear c_fc", 6, 10);
    assertEquals(3 * 2 * 6 * 10 * 40, linear.flops(), 1e-6);
    assertEquals(2 * 4 * (6 * 10 + 10 * 40 + 40 + 6 * 40.0), linear.bytes());
    Cost feedForward = cost("FeedForward mlp", 6, 10);
    assertEquals(3 * 2 * 6 * 2 * 10 * 40 + 3 * 6 * 40, feedForward.flops(), 1e-6);
    assertEquals(2 * 4 * (6 * 10 + 2 * 10 * 40 + 40 + 10 + 6 * 10.0), feedForward.bytes());
  }

  @Test
  void attentionCountsThePairsThatAreSeen() {
    // Five queries see 1 + 2 + 3 + 4 + 5 keys; seven products of two operations over 64 channels.
    assertEquals(7 * 2 * 64 * 15, cost("Attention causal over GPT-2's heads", 5, 64).flops());
    // Two sequences, two heads of four; keys are three more.
    assertEquals(7 * 2 * 2 * 8 * 5 * 8, cost("Attention full, longer keys, masked", 5, 4).flops());
    assertEquals(
        7 * 2 * 2 * 8 * (15 + 5 * 3), cost("Attention causal, longer keys, masked", 5, 4).flops());
    // A window of three: 1 + 2 + 3 + 3 + 3 keys; four heads share two of keys, and see them all.
    assertEquals(7 * 2 * 2 * 8 * 12, cost("Attention causal, window of 3", 5, 4).flops());
    assertEquals(
        7 * 2 * 2 * 16 * 15, cost("Attention causal, pairs of heads share keys", 5, 4).flops());
  }

  @Test
  void functionsCountElements() {
    Cost gelu = cost("Unary gelu tanh", 5, 7);
    assertEquals(3 * 35, gelu.flops());
    assertEquals(2 * 4 * 2 * 35, gelu.bytes());
    assertEquals(2 * (4 * 35 + 4 * 35), cost("Cast to F64 and back", 5, 7).bytes());
    assertEquals(35, cost("Reduce sum of all", 5, 7).flops());
  }

  @Test
  void everyOperationHasACost() {
    for (OpCase op : OpCases.at(3, 4)) {
      Cost cost = cost(op);
      assertTrue(cost.bytes() > 0 && cost.flops() >= 0, op.name());
    }
  }
}
