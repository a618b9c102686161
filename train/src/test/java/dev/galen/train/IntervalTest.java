package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.TokenSequences;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalTest {
  @ParameterizedTest
  @CsvSource({
    "100, 100, UPDATES, 100",
    "0, 0, UPDATES, 0",
    "100 steps, 100, UPDATES, 100",
    "3u, 3, UPDATES, 3",
    "1epoch, 1, EPOCHS, 1 epoch",
    "epoch, 1, EPOCHS, 1 epoch",
    "0.5epochs, 0.5, EPOCHS, 0.5 epochs",
    ".25 e, 0.25, EPOCHS, 0.25 epochs",
    "2_epochs, 2, EPOCHS, 2 epochs",
    "10min, 10, MINUTES, 10 minutes",
    "1.5 Minutes, 1.5, MINUTES, 1.5 minutes",
    "1e-2m, 0.01, MINUTES, 0.01 minutes",
  })
  void aTextIsAnInterval(String text, double number, Interval.Unit unit, String again) {
    Interval interval = Interval.parse(text);
    assertEquals(new Interval(number, unit), interval);
    assertEquals(again, interval.text());
    assertEquals(interval, Interval.parse(interval.text()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.5", "3 hours", "1..2 epochs", "epoch 1", "NaN", "1e999 epochs"})
  void whatIsNoneIsRefusedWithItsText(String text) {
    var error = assertThrows(IllegalArgumentException.class, () -> Interval.parse(text));
    assertTrue(error.getMessage().startsWith("an interval is "), error.getMessage());
  }

  /** Ten sequences in updates of four: 4, 4 and 2 a pass. */
  private static List<Long> due(Interval interval, int updates) {
    var config = TrainingConfig.builder().batchSize(2).accumulate(2).steps(100).build();
    var data = TokenSequences.of(RandomSequences.of(10, 1));
    var batches = new UpdateBatches(config, data, new CausalCollator(0));
    var moments = new Moments(interval, batches, () -> 0);
    var due = new ArrayList<Long>();
    assertFalse(moments.isDue(0));
    for (long step = 1; step <= updates; step++) {
      batches.next(step);
      if (moments.isDue(step)) {
        due.add(step);
      }
    }
    return due;
  }

  @Test
  void epochsEndWhereTheDataEnd() {
    assertEquals(List.of(3L, 6L, 9L), due(Interval.epochs(1), 9));
    assertEquals(List.of(6L, 12L), due(Interval.epochs(2), 12));
    assertEquals(List.of(2L, 3L, 5L, 6L), due(Interval.epochs(0.5), 6));
    // Thirds are at 3.3, 6.7 and 10 sequences.
    assertEquals(List.of(1L, 2L, 3L, 4L), due(Interval.epochs(1.0 / 3), 4));
    assertEquals(List.of(4L, 8L), due(Interval.updates(4), 9));
    assertEquals(List.of(), due(Interval.NEVER, 9));
  }

  @Test
  void minutesCountFromTheLastTime() {
    var config = TrainingConfig.builder().build();
    var data = TokenSequences.of(RandomSequences.of(10, 1));
    var now = new long[1];
    var moments =
        new Moments(
            Interval.minutes(0.5),
            new UpdateBatches(config, data, new CausalCollator(0)),
            () -> now[0]);
    now[0] = 29_999_999_999L;
    assertFalse(moments.isDue(1));
    now[0] = 30_000_000_000L;
    assertTrue(moments.isDue(2));
    assertTrue(moments.isDue(2));
    moments.begin();
    assertFalse(moments.isDue(3));
  }
}
