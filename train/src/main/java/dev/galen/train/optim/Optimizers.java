package dev.galen.train.optim;

import dev.galen.train.values.NamedValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/** Galen's own optimizers by name and numbers, for command lines and runs that are files. */
public final class Optimizers {
  private static final SequencedMap<String, Function<NamedValues, OptimizerSpec>> KNOWN =
      new LinkedHashMap<>();

  static {
    KNOWN.put("AdamW", Optimizers::adamW);
    KNOWN.put("Adam", Adam.Settings::of);
    KNOWN.put("SGD", Optimizers::sgd);
    KNOWN.put("Adafactor", Adafactor.Settings::of);
    KNOWN.put("HfAdafactor", HfAdafactor.Settings::of);
    KNOWN.put("Lion", Lion.Settings::of);
    KNOWN.put("Muon", Muon.Settings::of);
  }

  private Optimizers() {}

  /** All names. */
  public static List<String> names() {
    return List.copyOf(KNOWN.keySet());
  }

  /**
   * An optimizer of a name, with its reference's defaults for what is not among {@code numbers}.
   *
   * @param numbers by the names of its settings
   * @throws IllegalArgumentException if there is none, or a number is not one of it
   */
  public static OptimizerSpec named(String name, Map<String, String> numbers) {
    String wanted = NamedValues.canonical(name);
    for (Map.Entry<String, Function<NamedValues, OptimizerSpec>> entry : KNOWN.entrySet()) {
      if (NamedValues.canonical(entry.getKey()).equals(wanted)) {
        var values = new NamedValues(entry.getKey(), numbers);
        OptimizerSpec spec = entry.getValue().apply(values);
        values.requireNoOther();
        return spec;
      }
    }
    throw new IllegalArgumentException(
        "optimizer is %s, expected one of %s; give another one in Java".formatted(name, names()));
  }

  private static OptimizerSpec adamW(NamedValues values) {
    Adam.Settings adam = Adam.Settings.of(values);
    return new AdamW.Settings(
        adam.beta1(), adam.beta2(), adam.epsilon(), adam.weightDecay(), adam.amsgrad());
  }

  private static OptimizerSpec sgd(NamedValues values) {
    return new Sgd.Settings(
        values.number("momentum", 0),
        values.number(WeightDecay.SETTING, 0),
        values.number("dampening", 0),
        values.flag("nesterov", false));
  }
}
