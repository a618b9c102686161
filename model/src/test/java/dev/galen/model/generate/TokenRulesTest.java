package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Rules at the edges of a text and of the vocabulary, here of four tokens. */
final class TokenRulesTest {
  private static final float OUT = Float.NEGATIVE_INFINITY;
  private static final float[] LOGITS = {1, 2, -3, 4};

  /** A prompt of two tokens; at most six; ended by 3, and by an id that the model does not know. */
  private static final TokenRule.Text TEXT =
      new TokenRule.Text(new int[] {0, 1}, 6, Set.of(3, LOGITS.length));

  private static float[] apply(TokenRule rule, int... ids) {
    return rule.of(TEXT).apply(LOGITS, ids);
  }

  private static void assertUntouched(TokenRule rule, int... ids) {
    assertSame(LOGITS, apply(rule, ids));
  }

  @Test
  void nothingEndsAShortText() {
    float[] endless = {1, 2, -3, OUT};
    assertArrayEquals(endless, apply(TokenRules.minLength(4), 0, 1, 2));
    assertUntouched(TokenRules.minLength(4), 0, 1, 2, 2);
    assertArrayEquals(endless, apply(TokenRules.minNewTokens(2), 0, 1, 2));
    assertUntouched(TokenRules.minNewTokens(2), 0, 1, 2, 2);
  }

  /** Minus infinity and an infinite growth would be no number. */
  @Test
  void anEndThatIsExcludedDoesNotGrow() {
    float[] excluded = {1, 2, -3, OUT};
    assertArrayEquals(
        excluded, TokenRules.endDecay(0, 1.5).of(TEXT).apply(excluded, new int[] {0, 1, 2, 2}));
  }

  @Test
  void aTokenIsForcedAtItsPlaceAlone() {
    assertArrayEquals(new float[] {OUT, OUT, OUT, 0}, apply(TokenRules.forcedBeginning(3), 0));
    assertUntouched(TokenRules.forcedBeginning(3), 0, 1);
    TokenRule last = TokenRules.forcedEnd(Set.of(0, 2));
    assertUntouched(last, 0, 1, 2, 2);
    assertArrayEquals(new float[] {0, OUT, 0, OUT}, apply(last, 0, 1, 2, 2, 2));
  }

  @Test
  void whatIsForcedIsAToken() {
    for (int id : new int[] {-1, LOGITS.length}) {
      var error =
          assertThrows(
              IllegalArgumentException.class, () -> apply(TokenRules.forcedBeginning(id), 0));
      assertEquals("the token to force is " + id + ", the model knows 0 to 3", error.getMessage());
    }
  }

  @Test
  void suppressedTokensNeverCome() {
    Set<Integer> ids = Set.of(-1, 0, 3, LOGITS.length);
    float[] suppressed = {OUT, 2, -3, OUT};
    assertArrayEquals(suppressed, apply(TokenRules.suppressed(ids), 0, 1, 2));
    assertArrayEquals(suppressed, apply(TokenRules.suppressedFirst(ids), 0, 1));
    assertUntouched(TokenRules.suppressedFirst(ids), 0, 1, 2);
  }

  /**
   * Where the only token of the prompt is followed by one that is forced, the next is the first.
   */
  @Test
  void theFirstTokenComesBehindAForcedOne() {
    TokenRule behind = TokenRules.suppressedFirst(Set.of(0), true);
    float[] suppressed = {OUT, 2, -3, 4};
    var one = behind.of(new TokenRule.Text(new int[] {1}, 6, Set.of()));
    assertSame(LOGITS, one.apply(LOGITS, new int[] {1}));
    assertArrayEquals(suppressed, one.apply(LOGITS, new int[] {1, 2}));
    assertArrayEquals(suppressed, apply(behind, 0, 1));
    assertUntouched(behind, 0, 1, 2);
  }

  @Test
  void aTokensLogProbabilityIsThatOfItsShare() {
    float[] logits = {0, (float) Math.log(3)};
    assertEquals(Math.log(0.25), Logits.logProbability(logits, 0), 1e-7);
    assertEquals(Math.log(0.75), Logits.logProbability(logits, 1), 1e-7);
    assertEquals(Math.log(0.5), Logits.logProbability(new float[] {1000, 1000, OUT}, 1), 1e-12);
    assertEquals(OUT, Logits.logProbability(new float[] {1000, 1000, OUT}, 2));
  }

  /** 1.5 to the number of tokens beyond the first new one. */
  @Test
  void endsBecomeLikelierBeyondAStart() {
    TokenRule rule = TokenRules.endDecay(1, 1.5);
    assertUntouched(rule, 0, 1, 2);
    assertArrayEquals(new float[] {1, 2, -3, 4 * 1.5f}, apply(rule, 0, 1, 2, 2));
    assertArrayEquals(new float[] {1, 2, -3, 4 * 2.25f}, apply(rule, 0, 1, 2, 2, 2));
    assertEquals(4, LOGITS[3]);
  }

  @Test
  void renormalizedLogitsAreLogProbabilities() {
    float[] logits = apply(TokenRules.renormalized(), 0, 1);
    double sum = 0;
    for (int id = 0; id < logits.length; id++) {
      sum += Math.exp(logits[id]);
      assertEquals(LOGITS[id] - LOGITS[0], logits[id] - logits[0], 1e-5);
    }
    assertEquals(1, sum, 1e-6);
  }

  @Test
  void aBiasIsForWhatCompletesItsSequence() {
    TokenRule rule =
        TokenRules.biased(
            Map.of(List.of(0), 0.5f, List.of(1, 2, 3), 10f, List.of(0, 1, 2, 2, 1), 20f));
    assertArrayEquals(new float[] {1.5f, 2, -3, 14}, apply(rule, 1, 2));
    assertArrayEquals(new float[] {1.5f, 2, -3, 4}, apply(rule, 2));
    assertArrayEquals(new float[] {1.5f, 2, -3, 4}, apply(rule, 1, 1));
    assertArrayEquals(new float[] {1.5f, 22, -3, 4}, apply(rule, 0, 1, 2, 2));
    for (int id : new int[] {-1, LOGITS.length}) {
      TokenRule unknown = TokenRules.biased(Map.of(List.of(0, id), 1f));
      var error = assertThrows(IllegalArgumentException.class, () -> apply(unknown, 1));
      assertEquals(
          "a sequence of tokens has id " + id + ", the model knows 0 to 3", error.getMessage());
    }
  }

  @Test
  void wordsThatAreAnEndAloneAreNotBad() {
    TokenRule rule = TokenRules.badWords(List.of(List.of(3), List.of(2), List.of(0, 1)));
    assertArrayEquals(new float[] {1, OUT, OUT, 4}, apply(rule, 1, 0));
  }

  /** The prompt is 0 1: after 0 its pair would be repeated, after anything else it is not. */
  @Test
  void rowsOfThePromptAreNotRepeated() {
    TokenRule pairs = TokenRules.noPromptNGram(2);
    assertArrayEquals(new float[] {1, OUT, -3, 4}, apply(pairs, 0, 1, 0));
    assertArrayEquals(LOGITS, apply(pairs, 0, 1, 3));
    assertArrayEquals(new float[] {1, OUT, -3, 4}, apply(pairs, 0));
    assertUntouched(pairs);
    assertUntouched(TokenRules.noPromptNGram(3), 0, 1, 0);
  }

  @Test
  void aConfigIsPlainWhereNothingButTheDrawsOwnCutsLogits() {
    assertTrue(GenerationConfig.greedy(1).isPlain());
    assertTrue(config(b -> b.temperature(0.5).topK(3).topP(0.5)).isPlain());
    TokenRule rule = TokenRules.renormalized();
    LogitsProcessor cut = new MinP(0.1);
    assertFalse(config(b -> b.repetitionPenalty(2)).isPlain());
    assertFalse(config(b -> b.bias(rule)).isPlain());
    assertFalse(config(b -> b.rule(rule)).isPlain());
    assertFalse(config(b -> b.sample().shaper(cut)).isPlain());
    assertFalse(config(b -> b.sample().limit(cut)).isPlain());
    assertTrue(config(b -> b.shaper(cut).limit(cut)).isPlain(), "nothing is drawn");
    assertEquals(9, config(b -> b.maxLength(9)).maxLength());
    assertEquals(
        EarlyStopping.IMPOSSIBLE,
        config(b -> b.beams(2).earlyStopping(EarlyStopping.IMPOSSIBLE)).earlyStopping());
  }

  private static GenerationConfig config(UnaryOperator<GenerationConfig.Builder> settings) {
    return settings.apply(GenerationConfig.builder()).build();
  }
}
