package dev.galen.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.train.EvaluationConfig;
import dev.galen.train.Interval;
import dev.galen.train.TrainingConfig;
import java.util.List;

/** When a run is measured and saved in its JSON, and what follows from that. */
final class ControlJson {
  static final List<String> NAMES =
      List.of(
          "evaluateEvery",
          "patience",
          "patienceThreshold",
          "loadBest",
          "metric",
          "greaterIsBetter",
          "sanitySteps",
          "saveEvery",
          "keep");

  private ControlJson() {}

  static void read(TrainingConfig.Builder builder, JsonFields json) {
    if (json.has("evaluateEvery")) {
      builder.evaluateEvery(interval(json, "evaluateEvery"));
    }
    if (json.has("patience")) {
      builder.patience(TrainingJson.whole(json, "patience"));
    }
    json.number("patienceThreshold").ifPresent(builder::patienceThreshold);
    builder.loadBest(json.flag("loadBest", false));
    builder.metric(json.text("metric", EvaluationConfig.LOSS));
    if (json.has("greaterIsBetter")) {
      builder.greaterIsBetter(json.flag("greaterIsBetter", false));
    }
    json.integer("sanitySteps").ifPresent(builder::sanitySteps);
    if (json.has("saveEvery")) {
      builder.saveEvery(interval(json, "saveEvery"));
    }
    json.integer("keep").ifPresent(builder::keep);
  }

  /** A number of updates, or a text with another unit. */
  private static Interval interval(JsonFields json, String name) {
    JsonNode value = json.json().get(name);
    JsonFields.require(
        value.isNumber() || value.isTextual(), name, value, "a number, or a text: 1 epoch");
    try {
      return value.isTextual()
          ? Interval.parse(value.textValue())
          : Interval.updates(TrainingJson.whole(json, name));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  static void write(ObjectNode json, TrainingConfig config) {
    EvaluationConfig evaluation = config.evaluation();
    if (!evaluation.every().equals(Interval.updates(EvaluationConfig.ABOUT_TEN_TIMES))) {
      put(json, "evaluateEvery", evaluation.every());
    }
    if (evaluation.patience() > 0) {
      json.put("patience", evaluation.patience());
    }
    if (evaluation.threshold() > 0) {
      json.put("patienceThreshold", evaluation.threshold());
    }
    if (evaluation.loadBest()) {
      json.put("loadBest", true);
    }
    if (!evaluation.metric().equals(EvaluationConfig.LOSS)) {
      json.put("metric", evaluation.metric());
    }
    if (evaluation.greaterIsBetter() != null) {
      json.put("greaterIsBetter", evaluation.greaterIsBetter());
    }
    if (evaluation.sanitySteps() > 0) {
      json.put("sanitySteps", evaluation.sanitySteps());
    }
    put(json, "saveEvery", config.checkpoints().every());
    json.put("keep", config.checkpoints().keep());
  }

  private static void put(ObjectNode json, String name, Interval interval) {
    if (interval.unit() == Interval.Unit.UPDATES) {
      json.put(name, (long) interval.number());
    } else {
      json.put(name, interval.text());
    }
  }
}
