package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.train.TrainingConfig;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.optim.StateFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * {@link TrainingConfig} as a section of a run's JSON, a field for each setting of its builder.
 *
 * @param names of the fields: one, or those that make one setting together
 * @param read sets it, where one of them has a value
 * @param write puts it
 */
record TrainingJson(
    List<String> names,
    BiConsumer<TrainingConfig.Builder, JsonFields> read,
    BiConsumer<ObjectNode, TrainingConfig> write) {
  /** In the order in which they are written; steps after epochs, which they replace. */
  private static final List<TrainingJson> FIELDS =
      List.of(
          new TrainingJson(
              "epochs",
              (b, json) -> b.epochs(json.integer("epochs").getAsInt()),
              (json, c) -> json.put("epochs", c.data().epochs())),
          new TrainingJson(
              "steps",
              (b, json) -> b.steps(whole(json, "steps")),
              (json, c) -> putIf(c.data().steps() > 0, json, "steps", c.data().steps())),
          new TrainingJson(
              "batchSize",
              (b, json) -> b.batchSize(json.integer("batchSize").getAsInt()),
              (json, c) -> json.put("batchSize", c.data().batchSize())),
          new TrainingJson(
              "accumulate",
              (b, json) -> b.accumulate(json.integer("accumulate").getAsInt()),
              (json, c) -> json.put("accumulate", c.data().accumulate())),
          new TrainingJson(
              "shuffle",
              (b, json) -> b.shuffle(json.flag("shuffle", true)),
              (json, c) -> json.put("shuffle", c.data().shuffle())),
          new TrainingJson(
              "groupByLength",
              (b, json) -> b.groupByLength(json.flag("groupByLength", false)),
              (json, c) -> {
                if (c.data().groupByLength()) {
                  json.put("groupByLength", true);
                }
              }),
          new TrainingJson(
              "seed",
              (b, json) -> b.seed(whole(json, "seed")),
              (json, c) -> json.put("seed", c.seed())),
          new TrainingJson(
              "learningRate",
              (b, json) -> b.learningRate(json.number("learningRate").getAsDouble()),
              (json, c) -> json.put("learningRate", c.schedule().learningRate())),
          new TrainingJson(
              "schedule",
              (b, json) -> b.schedule(ScheduleJson.read(json)),
              (json, c) -> ScheduleJson.write(c.schedule().rule(), json)),
          new TrainingJson(
              "warmup",
              (b, json) -> b.warmup(json.number("warmup").getAsDouble()),
              (json, c) -> ScheduleJson.writeWarmup(c.schedule().warmup(), json)),
          new TrainingJson(
              OptimizerJson.NAMES,
              (b, json) -> b.optimizer(OptimizerJson.read(json)),
              (json, c) -> OptimizerJson.write(c.optimizer().rule(), json)),
          new TrainingJson(
              "optimizerStates",
              (b, json) -> b.optimizerStates(named(json, "optimizerStates", StateFormat.values())),
              (json, c) -> json.put("optimizerStates", c.optimizer().states().word())),
          new TrainingJson(
              "clip",
              (b, json) -> b.clip(json.number("clip").getAsDouble()),
              (json, c) -> json.put("clip", c.optimizer().clip())),
          new TrainingJson(
              "clipValue",
              (b, json) -> b.clipValue(json.number("clipValue").getAsDouble()),
              (json, c) -> json.put("clipValue", c.optimizer().clipValue())),
          new TrainingJson(GroupsJson.NAMES, GroupsJson::read, GroupsJson::write),
          new TrainingJson(FreezingJson.NAMES, FreezingJson::read, FreezingJson::write),
          new TrainingJson(AverageJson.NAMES, AverageJson::read, AverageJson::write),
          new TrainingJson(
              "labelSmoothing",
              (b, json) -> b.labelSmoothing(json.number("labelSmoothing").getAsDouble()),
              (json, c) -> {
                if (c.loss().labelSmoothing() > 0) {
                  json.put("labelSmoothing", c.loss().labelSmoothing());
                }
              }),
          new TrainingJson(PreferenceJson.NAMES, PreferenceJson::read, PreferenceJson::write),
          new TrainingJson(ClassWeightsJson.FIELD, ClassWeightsJson::read, ClassWeightsJson::write),
          new TrainingJson(
              ClassWeightsJson.POSITIVE,
              ClassWeightsJson::readPositive,
              ClassWeightsJson::writePositive),
          new TrainingJson(
              "precision",
              (b, json) -> b.precision(named(json, "precision", MixedPrecision.values())),
              (json, c) -> json.put("precision", word(c.precision().products()))),
          new TrainingJson(
              "recompute",
              (b, json) -> b.recompute(json.flag("recompute", false)),
              (json, c) -> json.put("recompute", c.precision().recompute())),
          new TrainingJson(ControlJson.NAMES, ControlJson::read, ControlJson::write));

  private TrainingJson(
      String name,
      BiConsumer<TrainingConfig.Builder, JsonFields> read,
      BiConsumer<ObjectNode, TrainingConfig> write) {
    this(List.of(name), read, write);
  }

  /** The names of all fields. */
  static List<String> all() {
    return FIELDS.stream().flatMap(field -> field.names().stream()).toList();
  }

  /** Sets what {@code json} has. */
  static void read(JsonFields json, TrainingConfig.Builder builder) {
    for (TrainingJson field : FIELDS) {
      if (field.names().stream().anyMatch(json::has)) {
        field.read().accept(builder, json);
      }
    }
  }

  /** Puts every setting. */
  static void write(TrainingConfig config, ObjectNode json) {
    FIELDS.forEach(field -> field.write().accept(json, config));
  }

  static long whole(JsonFields json, String name) {
    double value = json.number(name).getAsDouble();
    if (value != Math.rint(value)) {
      throw new IllegalArgumentException(name + " is " + value + ", expected a whole number");
    }
    return json.json().get(name).longValue();
  }

  static <E extends Enum<E>> E named(JsonFields json, String name, E[] values) {
    String wanted = json.text(name, "");
    return Arrays.stream(values)
        .filter(value -> word(value).equalsIgnoreCase(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is %s, expected one of %s"
                        .formatted(
                            name, wanted, Arrays.stream(values).map(TrainingJson::word).toList())));
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static void putIf(boolean holds, ObjectNode json, String name, long value) {
    if (holds) {
      json.put(name, value);
    }
  }
}
