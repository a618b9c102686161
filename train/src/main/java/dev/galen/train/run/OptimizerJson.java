package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.OptimizerSpec;
import dev.galen.train.optim.Sgd;
import java.util.List;

/**
 * Galen's own optimizers as fields of a run's JSON: the name, and the numbers, which have PyTorch's
 * defaults. An optimizer of another jar is given in Java; its run's JSON has its name, so that it
 * is refused instead of trained with another one.
 */
final class OptimizerJson {
  /** All fields, in the order in which they are written. */
  static final List<String> NAMES =
      List.of("optimizer", "weightDecay", "beta1", "beta2", "epsilon", "momentum");

  private static final AdamW.Settings ADAM_W = AdamW.Settings.decay(0);
  private static final Sgd.Settings SGD = new Sgd.Settings(0, 0);

  private OptimizerJson() {}

  /** AdamW where no name is given. */
  static OptimizerSpec read(JsonFields json) {
    String name = json.text("optimizer", ADAM_W.name());
    if (name.equalsIgnoreCase(ADAM_W.name())) {
      refuse(json, ADAM_W, "momentum");
      return new AdamW.Settings(
          number(json, "beta1", ADAM_W.beta1()),
          number(json, "beta2", ADAM_W.beta2()),
          number(json, "epsilon", ADAM_W.epsilon()),
          number(json, "weightDecay", ADAM_W.weightDecay()));
    }
    if (name.equalsIgnoreCase(SGD.name())) {
      refuse(json, SGD, "beta1", "beta2", "epsilon");
      return new Sgd.Settings(
          number(json, "momentum", SGD.momentum()), number(json, "weightDecay", SGD.weightDecay()));
    }
    throw new IllegalArgumentException(
        "optimizer is %s, and a run's JSON knows %s and %s; give another one in Java"
            .formatted(name, ADAM_W.name(), SGD.name()));
  }

  private static double number(JsonFields json, String name, double otherwise) {
    return json.number(name).orElse(otherwise);
  }

  private static void refuse(JsonFields json, OptimizerSpec optimizer, String... others) {
    for (String other : others) {
      if (json.has(other)) {
        throw new IllegalArgumentException(
            other + " is no setting of " + optimizer.name() + "; leave it out");
      }
    }
  }

  static void write(OptimizerSpec optimizer, ObjectNode json) {
    json.put("optimizer", optimizer.name());
    if (optimizer instanceof AdamW.Settings adamW) {
      json.put("weightDecay", adamW.weightDecay());
      json.put("beta1", adamW.beta1());
      json.put("beta2", adamW.beta2());
      json.put("epsilon", adamW.epsilon());
    } else if (optimizer instanceof Sgd.Settings sgd) {
      json.put("weightDecay", sgd.weightDecay());
      json.put("momentum", sgd.momentum());
    }
  }
}
