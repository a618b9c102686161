package dev.galen.train.schedule;

import dev.galen.train.schedule.WarmupStableDecay.Curve;
import dev.galen.train.values.NamedValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/** The schedules of transformers and PyTorch's {@code OneCycleLR}, by name and numbers. */
public final class Schedules {
  private static final SequencedMap<String, Function<NamedValues, Schedule>> KNOWN =
      new LinkedHashMap<>();

  static {
    KNOWN.put("constant", values -> Schedule.CONSTANT);
    KNOWN.put("linear", values -> Schedule.LINEAR);
    KNOWN.put("cosine", values -> new Cosine(values.number("num_cycles", Cosine.HALF)));
    KNOWN.put("constant_with_warmup", values -> Schedule.CONSTANT);
    KNOWN.put(
        "cosine_with_restarts", values -> new CosineWithRestarts(values.whole("num_cycles", 1)));
    KNOWN.put(
        "polynomial",
        values ->
            new Polynomial(values.number("lr_end", Polynomial.END), values.number("power", 1)));
    KNOWN.put("inverse_sqrt", values -> new InverseSqrt(values.whole("timescale")));
    KNOWN.put(
        "cosine_with_min_lr",
        values -> new CosineWithMinRate(values.number("num_cycles", Cosine.HALF), floor(values)));
    KNOWN.put(
        "cosine_warmup_with_min_lr",
        values ->
            new CosineWarmupWithMinRate(
                values.number("num_cycles", Cosine.HALF),
                floor(values),
                values.number("warmup_lr_rate")));
    KNOWN.put("warmup_stable_decay", Schedules::stable);
    KNOWN.put("one_cycle", Schedules::oneCycle);
    KNOWN.put("reduce_lr_on_plateau", Schedules::plateau);
    KNOWN.put("greedy", Schedules::greedy);
  }

  private Schedules() {}

  /** All names. */
  public static List<String> names() {
    return List.copyOf(KNOWN.keySet());
  }

  /**
   * A schedule of a name, with the reference's defaults for what is not among {@code numbers}.
   *
   * @param numbers by transformers' and PyTorch's names
   * @throws IllegalArgumentException if there is none, or a number is not one of it
   */
  public static Schedule named(String name, Map<String, String> numbers) {
    String wanted = NamedValues.canonical(name);
    for (Map.Entry<String, Function<NamedValues, Schedule>> entry : KNOWN.entrySet()) {
      String known = NamedValues.canonical(entry.getKey());
      if (known.equals(wanted) || (known + "lr").equals(wanted)) {
        var values = new NamedValues(entry.getKey(), numbers);
        Schedule schedule = entry.getValue().apply(values);
        values.requireNoOther();
        return schedule;
      }
    }
    throw new IllegalArgumentException(
        "schedule is %s, expected one of %s".formatted(name, names()));
  }

  private static Floor floor(NamedValues values) {
    return new Floor(values.number("min_lr"), values.number("min_lr_rate"));
  }

  private static Schedule stable(NamedValues values) {
    Long decay = values.whole("num_decay_steps");
    if (decay == null) {
      throw new IllegalArgumentException(
          "num_decay_steps of warmup_stable_decay is missing; give the updates of the fall");
    }
    return new WarmupStableDecay(
        decay,
        values.whole("num_stable_steps"),
        Curve.named(values.word("warmup_type", "linear", Curve.WORDS)),
        Curve.named(values.word("decay_type", "cosine", Curve.WORDS)),
        values.number("min_lr_ratio", 0),
        values.number("num_cycles", Cosine.HALF));
  }

  private static Schedule oneCycle(NamedValues values) {
    OneCycle usual = OneCycle.DEFAULTS;
    return new OneCycle(
        values.number("pct_start", usual.start()),
        values.word("anneal_strategy", "cos", OneCycle.WAYS).equals("cos"),
        values.number("div_factor", usual.first()),
        values.number("final_div_factor", usual.last()),
        values.flag("three_phase", usual.threePhases()));
  }

  private static Goal goal(NamedValues values, Goal usual) {
    String threshold = Goal.THRESHOLDS.get(usual.relative() ? 0 : 1);
    return new Goal(
        values.word("mode", "min", Goal.MODES).equals("max"),
        values.number("threshold", usual.threshold()),
        values.word("threshold_mode", threshold, Goal.THRESHOLDS).equals("rel"));
  }

  private static Schedule plateau(NamedValues values) {
    ReduceOnPlateau usual = ReduceOnPlateau.DEFAULTS;
    return new ReduceOnPlateau(
        goal(values, usual.goal()),
        values.number("factor", usual.factor()),
        values.whole("patience", usual.patience()),
        values.whole("cooldown", usual.cooldown()),
        values.number("min_lr", usual.min()),
        values.number("eps", usual.epsilon()));
  }

  private static Schedule greedy(NamedValues values) {
    Greedy usual = Greedy.DEFAULTS;
    boolean smooth = values.flag("smooth", false);
    long window = values.whole("window_size", Greedy.USUAL_WINDOW);
    Checks.require(window > 0, "window_size", window, "at least 1");
    return new Greedy(
        goal(values, usual.goal()),
        values.number("factor", usual.factor()),
        values.whole("patience", usual.patience()),
        values.whole("cooldown", usual.cooldown()),
        values.whole("warmup", usual.warmup()),
        values.number("min_lr", usual.min()),
        values.number("max_lr", usual.max()),
        values.number("eps", usual.epsilon()),
        smooth ? window : 0,
        values.whole("reset_start", usual.resetStart()));
  }
}
