package dev.galen.train.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.train.ScheduleConfig;
import dev.galen.train.data.SharedData;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every schedule against transformers and PyTorch, run through and resumed after 20 updates: our
 * own cases, which {@code schedules.py} made, and the shared ones where they lie.
 */
class SchedulesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RESUMED = 20;

  private static JsonNode own() throws IOException {
    try (InputStream file = SchedulesTest.class.getResourceAsStream("schedules.json")) {
      return JSON.readTree(file);
    }
  }

  private static JsonNode shared() throws IOException {
    return JSON.readTree(SharedData.file("recipe-cases/schedules.json").toFile());
  }

  @TestFactory
  Stream<DynamicTest> ownCases() throws IOException {
    return tests(own().get("cases")).stream();
  }

  @TestFactory
  Stream<DynamicTest> sharedCases() throws IOException {
    return tests(shared().get("cases")).stream();
  }

  private static List<DynamicTest> tests(JsonNode cases) {
    var tests = new ArrayList<DynamicTest>();
    assertTrue(!cases.isEmpty());
    cases.forEach(one -> tests.add(dynamicTest(one.get("id").asText(), () -> check(one))));
    return tests;
  }

  private static Map<String, String> settings(JsonNode one) {
    var settings = new LinkedHashMap<String, String>();
    one.path("settings").properties().forEach(e -> settings.put(e.getKey(), e.getValue().asText()));
    return settings;
  }

  private static void check(JsonNode one) {
    String name = one.get("type").asText().replaceAll(".*\\.", "");
    Schedule schedule = Schedules.named(name, settings(one));
    assertEquals(schedule, Schedules.named(schedule.name(), schedule.settings()));
    double peak = one.get("lr").asDouble();
    long total = one.has("total") ? one.get("total").asLong() : one.path("total_steps").asLong(50);
    Rates rates = schedule.over(peak, one.path("warmup").asLong(), total);
    JsonNode metrics = one.path("metric_after_each_update");
    JsonNode used = one.get("used");
    for (int step = 0; step < used.size(); step++) {
      if (step == RESUMED) {
        List<Double> state = rates.state();
        rates = schedule.over(peak, one.path("warmup").asLong(), total);
        rates.resumeAt(state);
      }
      assertEquals(used.get(step).asDouble(), rates.at(step), 1e-12, "update " + step);
      if (metrics.has(step)) {
        rates.measured(metrics.get(step).asDouble());
      }
    }
  }

  /** A run that begins in the middle has the rates of one that came so far. */
  @Test
  void theMiddleOfARunIsTheSameWhereverItBegins() throws IOException {
    for (JsonNode one : shared().get("started_in_the_middle_by_last_epoch")) {
      Rates rates =
          Schedules.named(one.get("type").asText(), Map.of())
              .over(1e-3, one.get("warmup").asLong(), 50);
      int first = one.get("last_epoch").asInt() + 1;
      for (int i = 0; i < one.get("used").size(); i++) {
        assertEquals(one.get("used").get(i).asDouble(), rates.at(first + i), 1e-12, "" + one);
      }
    }
  }

  @Test
  void aShareOfTheRunIsRoundedUp() throws IOException {
    for (JsonNode one : shared().get("TrainingArguments_warmup_steps")) {
      var config = new ScheduleConfig(1, Schedule.LINEAR, one.get("warmup_steps").asDouble());
      assertEquals(
          one.get("updates_of_warmup").asLong(),
          config.warmupOf(one.get("total").asLong()),
          one.toString());
    }
    assertEquals(6, new ScheduleConfig(1, Schedule.LINEAR, 0.06).warmupOf(99));
    assertEquals(1, new ScheduleConfig(1, Schedule.LINEAR, 1).warmupOf(99));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sine || schedule is sine, expected one of [constant, linear, cosine, constant_with_warmup,",
        "linear | power=2 | power is no setting of linear; leave it out",
        "cosine | power=2 | power is no setting of cosine; leave it out, or give one of num_cycles",
        "cosine | num_cycles=x | num_cycles is x, must be a number",
        "cosine | num_cycles=0 | num_cycles is 0.0, must be a number above 0",
        "cosine_with_restarts | num_cycles=1.5 | num_cycles is 1.5, must be a whole number",
        "polynomial | lr_end=2 | lr_end is 2.0, must be below the learning rate, 0.5",
        "polynomial | power=NaN | power is NaN, must be a number above 0",
        "inverse_sqrt | timescale=0 | timescale is 0, must be at least 1",
        "cosine_with_min_lr || neither min_lr nor min_lr_rate is given; give one of them",
        "cosine_with_min_lr | min_lr=1;min_lr_rate=0 | min_lr is 1.0 and min_lr_rate is 0.0",
        "cosine_with_min_lr | min_lr=1 | min_lr is 1.0, must be at most the learning rate, 0.5",
        "cosine_warmup_with_min_lr | min_lr_rate=2 | min_lr_rate is 2.0, must be from 0 to 1",
        "warmup_stable_decay || num_decay_steps of warmup_stable_decay is missing",
        "warmup_stable_decay | num_decay_steps=1;decay_type=sine | decay_type is sine, must be one of",
        "warmup_stable_decay | num_decay_steps=-1 | num_decay_steps is -1, must be at least 0",
        "one_cycle | pct_start=1.5 | pct_start is 1.5, must be from 0 to 1",
        "one_cycle | three_phase=2 | three_phase is 2, must be true or false",
        "one_cycle | anneal_strategy=sin | anneal_strategy is sin, must be one of cos, linear",
        "reduce_lr_on_plateau | factor=1 | factor is 1.0, must be above 0 and below 1",
        "reduce_lr_on_plateau | mode=most | mode is most, must be one of min, max",
        "greedy | max_lr=1e-4 | max_lr is 1.0E-4, must be at least min_lr, 0.001",
        "greedy | min_lr=1;min-lr=2 | min-lr of greedy is given twice",
      })
  void whatIsWrongIsNamed(String name, String settings, String line) {
    var numbers = new LinkedHashMap<String, String>();
    for (String pair : settings == null ? new String[0] : settings.split(";")) {
      numbers.put(pair.split("=")[0], pair.split("=")[1]);
    }
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ScheduleConfig(0.5, Schedules.named(name, numbers), 0));
    assertTrue(error.getMessage().startsWith(line), error.getMessage());
  }

  @Test
  void aNameMayBeSpeltInOtherWays() {
    assertEquals(new CosineWithRestarts(3), Schedules.named("cosine-with-restarts", args("3")));
    assertEquals(Schedule.CONSTANT, Schedules.named("CONSTANT_WITH_WARMUP", Map.of()));
    assertEquals(OneCycle.DEFAULTS, Schedules.named("OneCycleLR", Map.of()));
    assertEquals("cosine_with_restarts, num_cycles 3", new CosineWithRestarts(3).text());
    assertEquals("cosine", Schedule.COSINE.text());
  }

  private static Map<String, String> args(String cycles) {
    return Map.of("numCycles", cycles);
  }
}
