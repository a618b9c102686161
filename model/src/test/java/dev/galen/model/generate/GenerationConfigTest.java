package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class GenerationConfigTest {
  @Test
  void greedyUnlessASettingOfSamplingIsGiven() {
    var greedy = GenerationConfig.greedy(3);
    assertFalse(greedy.sample());
    assertEquals(3, greedy.maxNewTokens());
    assertSame(LogitsProcessor.NONE, greedy.processor());
    assertTrue(GenerationConfig.builder().temperature(0.5).build().sample());
    assertTrue(GenerationConfig.builder().topK(5).build().sample());
    assertTrue(GenerationConfig.builder().topP(0.5).build().sample());
    assertFalse(GenerationConfig.builder().repetitionPenalty(2).build().sample());
  }

  /** Another order would keep other tokens: penalty, temperature, top-k, top-p. */
  @Test
  void processorsComeInOrder() {
    var config =
        GenerationConfig.builder().repetitionPenalty(4).temperature(0.5).topK(3).topP(0.8).build();
    float out = Float.NEGATIVE_INFINITY;
    // Penalised: 1, 3, 2.8, -1; divided: 2, 6, 5.6, -2; three kept, of which two hold 0.8.
    assertArrayEquals(
        new float[] {out, 6, 2.8f / 0.5f, out},
        config.processor().apply(new float[] {4, 3, 2.8f, -1}, new int[] {0}));
  }

  @Test
  void nonsenseIsNamed() {
    assertMessage("the number of new tokens is 0, must be at least 1", b -> b.maxNewTokens(0));
    assertMessage(
        "temperature is -1.0, must be a positive number; for no randomness decode greedily",
        b -> b.temperature(-1));
    assertMessage("top-k is 0, must be at least 1", b -> b.topK(0));
    assertMessage("top-p is 1.5, must be in (0, 1]", b -> b.topP(1.5));
    assertMessage(
        "repetition penalty is 0.0, must be a positive number; 1 changes nothing",
        b -> b.repetitionPenalty(0));
    assertMessage("the number of beams is 0, must be at least 1", b -> b.beams(0));
    assertMessage(
        "length penalty is NaN, must be a finite number", b -> b.lengthPenalty(Double.NaN));
    assertMessage(
        "an end-of-text id is -2, must be a token's id", b -> b.endOfTextIds(Set.of(3, -2)));
    assertMessage(
        "beam search with 4 beams draws no tokens: leave out the beams, or sampling with"
            + " temperature 1.0, top-k all, top-p 0.9",
        b -> b.beams(4).topP(0.9));
  }

  private static void assertMessage(
      String expected, UnaryOperator<GenerationConfig.Builder> settings) {
    var builder = settings.apply(GenerationConfig.builder());
    assertEquals(
        expected, assertThrows(IllegalArgumentException.class, builder::build).getMessage());
  }
}
