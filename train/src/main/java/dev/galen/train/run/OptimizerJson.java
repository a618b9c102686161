package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.OptimizerSpec;
import dev.galen.train.optim.Optimizers;
import dev.galen.train.values.NamedValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Galen's own optimizers as fields of a run's JSON: the name, and the numbers, which have their
 * references' defaults. An optimizer of another jar is given in Java; its run's JSON has its name,
 * so that it is refused instead of trained with another one.
 */
final class OptimizerJson {
  private static final String FIELD = "optimizer";

  /** All fields, in the order in which they are written. */
  static final List<String> NAMES = names();

  private OptimizerJson() {}

  private static List<String> names() {
    var names = new LinkedHashSet<String>(List.of(FIELD));
    for (String optimizer : Optimizers.names()) {
      Optimizers.named(optimizer, Map.of()).settings().keySet().stream()
          .map(NamedJson::camelCase)
          .forEach(names::add);
    }
    return new ArrayList<>(names);
  }

  /** AdamW where no name is given. */
  static OptimizerSpec read(JsonFields json) {
    var numbers = new LinkedHashMap<String, String>();
    for (String name : NAMES.subList(1, NAMES.size())) {
      if (json.has(name)) {
        numbers.put(name, json.json().get(name).asText());
      }
    }
    return Optimizers.named(json.text(FIELD, AdamW.Settings.decay(0).name()), numbers);
  }

  static void write(OptimizerSpec optimizer, ObjectNode json) {
    if (optimizer.getClass().getPackageName().equals(OptimizerSpec.class.getPackageName())) {
      json.put(FIELD, optimizer.name());
      optimizer
          .settings()
          .forEach((name, value) -> NamedJson.put(json, NamedJson.camelCase(name), value));
    } else {
      json.put(FIELD, isTaken(optimizer.name()) ? other(optimizer) : optimizer.name());
    }
  }

  private static boolean isTaken(String name) {
    String wanted = NamedValues.canonical(name);
    return Optimizers.names().stream().map(NamedValues::canonical).anyMatch(wanted::equals);
  }

  /** One of another jar that has the name of ours. */
  private static String other(OptimizerSpec optimizer) {
    return optimizer.name() + " of " + optimizer.getClass().getName();
  }
}
