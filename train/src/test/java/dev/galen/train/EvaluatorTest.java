package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.testing.Tolerance;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.Perplexity;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Evaluation against a token by token computation from the logits. */
class EvaluatorTest {
  private static final Tolerance TOLERANCE = Tolerance.of(DType.F32, 100);
  private final Gpt2CausalLm model = TinyModels.gpt2(0.3);

  private static int[] text(int length) {
    var ids = new int[length];
    for (int i = 0; i < length; i++) {
      ids[i] = (i * i * 31 + 7) % TinyModels.VOCABULARY;
    }
    return ids;
  }

  /** -ln p(ids[at]) given ids[from..at-1]. */
  private double loss(int[] ids, int from, int at) {
    int[] past = Arrays.copyOfRange(ids, from, at);
    try (var scope = MemoryScope.open("one token")) {
      Tensor logits = model.logits(Tensors.of(model.backend(), past, 1, past.length));
      double[] last = logits.slice(1, past.length - 1, past.length).toDoubles();
      double sum = Arrays.stream(last).map(Math::exp).sum();
      return Math.log(sum) - last[ids[at]];
    }
  }

  @ParameterizedTest
  @CsvSource({"50, 20, 20", "50, 20, 7", "50, 20, 1", "20, 20, 10", "21, 20, 10", "2, 20, 10"})
  void stridedWindowsEqualASumByHand(int length, int context, int stride) {
    int[] ids = text(length);
    // Token t is scored by the first window that holds it, unless it is that window's first.
    double sum = 0;
    int count = 0;
    for (int t = 0; t < length; t++) {
      int begin = 0;
      while (begin + context <= t) {
        begin += stride;
      }
      if (t > begin) {
        sum += loss(ids, begin, t);
        count++;
      }
    }
    Perplexity got = Evaluator.evaluate(model, Evaluator.windows(ids, context, stride), 3, 0);
    assertEquals(count, got.tokens());
    assertTrue(TOLERANCE.accepts(sum / count, got.loss()), sum / count + " " + got);
  }

  @Test
  void perplexityDoesNotDependOnBatchesNorOnTheOrder() {
    List<TokenSequence> data = RandomSequences.of(13, 4);
    var one = Evaluator.evaluate(model, data, 1, 0);
    for (int batch : new int[] {2, 5, 13, 100}) {
      var other = Evaluator.evaluate(model, data.reversed(), batch, 96);
      assertEquals(one.tokens(), other.tokens());
      assertTrue(TOLERANCE.accepts(one.loss(), other.loss()), one + " " + other);
    }
  }

  @Test
  void sequencesOfOneTokenHaveNothingToScore() {
    var single = new TokenSequence(new int[] {5}, new int[] {5});
    var pair = new TokenSequence(new int[] {5, 6}, new int[] {5, 6});
    var alone = Evaluator.evaluate(model, List.of(pair), 4, 0);
    assertEquals(alone, Evaluator.evaluate(model, List.of(single, pair, single), 4, 0));
    assertEquals(1, alone.tokens());
    assertTrue(TOLERANCE.accepts(loss(new int[] {5, 6}, 0, 1), alone.loss()));
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> Evaluator.evaluate(model, List.of(single), 4, 0));
    assertTrue(error.getMessage().contains("0 tokens were scored"), error.getMessage());
  }

  @Test
  void evaluationLeavesMemoryAndDropoutAsTheyWere() {
    List<TokenSequence> data = RandomSequences.of(13, 4);
    model.train();
    long drawn = model.random().offset();
    Evaluator.evaluate(model, data, 4, 0);
    var before = model.backend().memory();
    for (int i = 0; i < 50; i++) {
      Evaluator.evaluate(model, data, 4, 0);
    }
    // Less, if the cleaner has run for other tests meanwhile.
    assertTrue(model.backend().memory().live() <= before.live());
    assertEquals(before.peak(), model.backend().memory().peak());
    assertEquals(drawn, model.random().offset());
    assertTrue(model.isTraining());
  }
}
