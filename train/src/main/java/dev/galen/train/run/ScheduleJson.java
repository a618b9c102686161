package dev.galen.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.train.schedule.Schedule;
import dev.galen.train.schedule.Schedules;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A schedule in a run's JSON: its name, or an object of {@code name} and its numbers. One of
 * another jar is given in Java, and its run's JSON is refused.
 */
final class ScheduleJson {
  private static final String FIELD = "schedule";
  private static final String NAME = "name";

  private ScheduleJson() {}

  static Schedule read(JsonFields json) {
    JsonNode schedule = json.json().get(FIELD);
    if (!(schedule instanceof ObjectNode object)) {
      return Schedules.named(json.text(FIELD, ""), Map.of());
    }
    JsonFields.require(object.path(NAME).isTextual(), FIELD, object, "an object with a name");
    var numbers = new LinkedHashMap<String, String>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (!entry.getKey().equals(NAME)) {
        JsonFields.require(
            entry.getValue().isValueNode(), entry.getKey(), entry.getValue(), "a number or a word");
        numbers.put(entry.getKey(), entry.getValue().asText());
      }
    }
    return Schedules.named(object.get(NAME).textValue(), numbers);
  }

  static void write(Schedule schedule, ObjectNode json) {
    if (schedule.settings().isEmpty()) {
      json.put(FIELD, schedule.name());
    } else {
      ObjectNode object = json.putObject(FIELD).put(NAME, schedule.name());
      schedule.settings().forEach((name, value) -> NamedJson.put(object, name, value));
    }
  }

  /** A whole number of updates, or a share. */
  static void writeWarmup(double warmup, ObjectNode json) {
    if (warmup == Math.rint(warmup)) {
      json.put("warmup", (long) warmup);
    } else {
      json.put("warmup", warmup);
    }
  }
}
