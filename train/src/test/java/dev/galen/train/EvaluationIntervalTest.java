package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.testing.TinyModels;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often validation is measured, and that training does not notice. */
class EvaluationIntervalTest {
  private final List<TokenSequence> data = RandomSequences.of(12, 1);

  /** Sequences of ten tokens. */
  private static List<TokenSequence> tens(int count) {
    return Collections.nCopies(count, new TokenSequence(new int[10], new int[10]));
  }

  @ParameterizedTest
  @CsvSource({
    // steps, sequences an update, validation sequences: updates between evaluations
    "500, 8, 60, 50",
    "537, 8, 60, 53",
    "9, 8, 1, 1",
    "1, 8, 1, 1",
    "100, 8, 240, 100", // one pass over 240 costs as much as 10 updates of 8 forwards and backwards
    "100, 8, 241, 101", // and so only the last is measured
    "100, 8, 100, 42",
  })
  void aTenthOfTheRunAndOfItsTime(long steps, long perUpdate, int validation, long interval) {
    assertEquals(interval, EvaluationInterval.of(steps, perUpdate, tens(30), tens(validation)));
  }

  private record Heard(List<Long> evaluated, List<Double> losses) implements TrainingListener {
    @Override
    public void onStep(StepReport report) {
      losses.add(report.loss());
    }

    @Override
    public void onEvaluation(long step, Perplexity validation) {
      evaluated.add(step);
    }
  }

  private Heard train(TrainingConfig.Builder config, List<TokenSequence> validation)
      throws IOException {
    var heard = new Heard(new ArrayList<>(), new ArrayList<>());
    var built = config.steps(20).batchSize(4).schedule(Schedule.CONSTANT).build();
    try (var trainer = new Trainer(TinyModels.gpt2(0.1), built, data, validation, 0)) {
      trainer.listen(heard).fit();
    }
    return heard;
  }

  @Test
  void measuringTenTimesLeavesTheBitsOfTraining() throws IOException {
    var few = data.subList(0, 1);
    Heard never = train(TrainingConfig.builder().evaluateEvery(0), few);
    Heard unasked = train(TrainingConfig.builder(), few);
    assertEquals(List.of(), never.evaluated());
    assertEquals(List.of(2L, 4L, 6L, 8L, 10L, 12L, 14L, 16L, 18L), unasked.evaluated());
    assertEquals(never.losses(), unasked.losses());
    assertEquals(never.losses(), train(TrainingConfig.builder(), List.of()).losses());
    assertEquals(
        List.of(7L, 14L), train(TrainingConfig.builder().evaluateEvery(7), few).evaluated());
    assertThrows(
        IllegalArgumentException.class, () -> TrainingConfig.builder().evaluateEvery(-2).build());
  }

  @Test
  void withoutValidationDataThatIsSaid() {
    var config = TrainingConfig.builder().steps(1).build();
    try (var trainer = new Trainer(TinyModels.gpt2(0), config, data, List.of(), 0)) {
      var error = assertThrows(IllegalArgumentException.class, trainer::evaluate);
      assertTrue(error.getMessage().contains("no validation data"), error.getMessage());
    }
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Evaluator.evaluate(TinyModels.gpt2(0), List.of(), 1, 0));
    assertTrue(error.getMessage().contains("no sequences to measure"), error.getMessage());
  }
}
