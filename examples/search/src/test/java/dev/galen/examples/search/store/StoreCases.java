package dev.galen.examples.search.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.search.space.Choices;
import dev.galen.examples.search.space.FloatRange;
import dev.galen.examples.search.space.Suggestion;
import dev.galen.examples.search.store.StudyStore.Claim;
import dev.galen.examples.search.trial.TrialRecord;
import dev.galen.examples.search.trial.TrialState;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a study in any database promises. */
abstract class StoreCases {
  private static final Duration LONG = Duration.ofMinutes(5);

  /** A database without studies. */
  abstract String url();

  private JdbcStore store(Duration silence) {
    var store = new JdbcStore(url(), "study", silence);
    store.open(settings("minimize"));
    return store;
  }

  private static SequencedMap<String, String> settings(String direction) {
    var settings = new LinkedHashMap<String, String>();
    settings.put("direction", direction);
    settings.put("recipe", "{\"a\": \"é'\\\"\"}");
    return settings;
  }

  @Test
  void trialsAreNumberedUpToTheLimit() {
    try (JdbcStore store = store(LONG)) {
      assertEquals(Optional.of(new Claim(0, 1)), store.claim(2));
      assertEquals(Optional.of(new Claim(1, 1)), store.claim(2));
      assertEquals(Optional.empty(), store.claim(2));
      assertEquals(Optional.of(new Claim(2, 1)), store.claim(3));
    }
  }

  @Test
  void whatIsWrittenIsRead() {
    var rate = new Suggestion(FloatRange.log(1e-5, 0.1), 0.1 + 0.2 - 0.25);
    var word = new Suggestion(Choices.of("a,b", "[1]", "é"), 1);
    try (JdbcStore store = store(LONG);
        JdbcStore other = store(LONG)) {
      Claim claim = store.claim(9).orElseThrow();
      assertEquals(rate, store.suggest(claim, "rate", rate));
      assertEquals(word, store.suggest(claim, "word", word));
      assertEquals(rate, store.suggest(claim, "rate", new Suggestion(rate.range(), 0.01)));
      store.report(claim, 1, 3.5);
      store.report(claim, 2, Double.NaN);
      store.report(claim, 3, Double.POSITIVE_INFINITY);
      store.report(claim, 1, -2.25);
      var figures = Map.of("accuracy", 0.75, "loss", Double.NEGATIVE_INFINITY);
      assertTrue(store.finish(claim, TrialState.COMPLETE, Math.PI, figures, null));
      Claim second = store.claim(9).orElseThrow();
      store.finish(second, TrialState.FAILED, Double.NaN, Map.of(), "it's \"wrong\", é");
      for (JdbcStore each : List.of(store, other)) {
        TrialRecord trial = each.trials().getFirst();
        assertEquals(List.of("rate", "word"), List.copyOf(trial.parameters().keySet()));
        assertEquals(rate, trial.parameters().get("rate"));
        assertEquals("[1]", trial.parameters().get("word").text());
        assertEquals(
            Map.of(1L, -2.25, 2L, Double.NaN, 3L, Double.POSITIVE_INFINITY), trial.reports());
        assertEquals(figures, trial.figures());
        assertEquals(Math.PI, trial.value());
        assertEquals(TrialState.COMPLETE, trial.state());
        assertTrue(trial.ended() >= trial.started());
        assertEquals("it's \"wrong\", é", each.trials().get(1).error());
        assertTrue(Double.isNaN(each.trials().get(1).value()));
      }
    }
  }

  @Test
  void claimsOfManyAtOnceAreEachTrialOnce() throws Exception {
    store(LONG).close();
    var work = new ArrayList<Callable<List<Integer>>>();
    for (int worker = 0; worker < 4; worker++) {
      work.add(
          () -> {
            var made = new ArrayList<Integer>();
            try (JdbcStore store = store(LONG)) {
              for (Optional<Claim> claim = store.claim(40);
                  claim.isPresent();
                  claim = store.claim(40)) {
                made.add(claim.get().number());
                store.finish(claim.get(), TrialState.COMPLETE, 0, Map.of(), null);
              }
            }
            return made;
          });
    }
    var all = new ArrayList<Integer>();
    try (var workers = Executors.newFixedThreadPool(4)) {
      for (Future<List<Integer>> made : workers.invokeAll(work)) {
        all.addAll(made.get());
      }
    }
    assertEquals(IntStream.range(0, 40).boxed().toList(), all.stream().sorted().toList());
  }

  @Test
  void aTrialOfAProcessThatIsGoneIsMadeAgain() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    Owner here = Owner.here();
    var owner = new Owner(here.place(), gone.pid(), 1, 1);
    gone.waitFor();
    try (JdbcStore store = store(LONG)) {
      store.claim(5);
      Claim lost = store.claim(5).orElseThrow();
      store.suggest(lost, "x", new Suggestion(new FloatRange(0, 1), 0.5));
      store.report(lost, 7, 1);
      own(1, owner);
      assertEquals(Optional.of(new Claim(1, 2)), store.claim(5));
      TrialRecord again = store.trials().get(1);
      assertEquals(0.5, again.parameters().get("x").number());
      assertEquals(Map.of(), again.reports());
      assertEquals(Optional.of(new Claim(2, 1)), store.claim(5));
    }
  }

  /** As the row of a process that was killed says. */
  private void own(int number, Owner owner) throws Exception {
    try (var connection = DriverManager.getConnection(url());
        var statement =
            connection.prepareStatement("UPDATE galen_trials SET owner = ? WHERE number = ?")) {
      statement.setString(1, owner.text());
      statement.setInt(2, number);
      assertEquals(1, statement.executeUpdate());
    }
  }

  @Test
  void aTrialOfASilentMachineIsTakenAndOneThatBeatsIsNot() throws Exception {
    Owner here = Owner.here();
    var elsewhere = new Owner("elsewhere", here.pid(), here.started(), 1);
    try (JdbcStore store = store(LONG);
        JdbcStore watcher = store(Duration.ofMillis(150))) {
      Claim silent = store.claim(2).orElseThrow();
      Claim alive = store.claim(2).orElseThrow();
      own(0, elsewhere);
      own(1, elsewhere);
      assertEquals(Optional.empty(), watcher.claim(2));
      for (int i = 0; i < 3; i++) {
        Thread.sleep(70);
        store.beat(alive);
      }
      assertEquals(Optional.of(new Claim(0, 2)), watcher.claim(2));
      assertEquals(Optional.empty(), watcher.claim(2));
      // What the one that was taken for dead still writes does not count.
      store.report(silent, 1, 5);
      assertFalse(store.finish(silent, TrialState.COMPLETE, 5, Map.of(), null));
      watcher.report(new Claim(0, 2), 1, 6);
      assertTrue(watcher.finish(new Claim(0, 2), TrialState.COMPLETE, 6, Map.of(), null));
      assertEquals(Map.of(1L, 6.0), store.trials().getFirst().reports());
      assertEquals(6, store.trials().getFirst().value());
    }
  }

  @Test
  void whatIsGivenBackIsTakenFirst() {
    try (JdbcStore store = store(LONG)) {
      Claim claim = store.claim(5).orElseThrow();
      store.giveBack(claim);
      assertEquals(TrialState.WAITING, store.trials().getFirst().state());
      assertEquals(Optional.of(new Claim(0, 2)), store.claim(5));
    }
  }

  @Test
  void studiesOfOneDatabaseAreApart() {
    try (JdbcStore store = store(LONG);
        JdbcStore other = new JdbcStore(url(), "other")) {
      assertFalse(other.open(settings("maximize")));
      store.claim(5);
      assertEquals(List.of(), other.trials());
      assertEquals(Optional.of(new Claim(0, 1)), other.claim(5));
    }
    try (JdbcStore other = new JdbcStore(url(), "other")) {
      var thrown =
          assertThrows(IllegalArgumentException.class, () -> other.open(settings("minimize")));
      assertTrue(
          thrown.getMessage().contains("begun with direction maximize, and this is minimize"),
          thrown.getMessage());
      assertTrue(other.open(settings("maximize")));
    }
  }
}
