package dev.galen.model.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.nn.RotaryConfig;
import dev.galen.model.nn.RotaryScaling;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rotary embedding of a {@code config.json}: {@code rope_parameters} of transformers 5, {@code
 * rope_theta} and {@code rope_scaling} of version 4, whose kind is called {@code type} or {@code
 * rope_type}.
 */
public final class RotaryJson {
  private static final String ORIGINAL = "original_max_position_embeddings";
  private static final String FACTOR = "factor";
  private static final String THETA = "rope_theta";
  private static final String PART = "partial_rotary_factor";

  /** What some kind of scaling has; another field would be one that nothing here obeys. */
  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "rope_type",
          THETA,
          FACTOR,
          ORIGINAL,
          PART,
          "attention_factor",
          "beta_fast",
          "beta_slow",
          "mscale",
          "mscale_all_dim",
          "truncate",
          "short_factor",
          "long_factor",
          "low_freq_factor",
          "high_freq_factor");

  private RotaryJson() {}

  /**
   * Reads it.
   *
   * @param standardTheta of a config that gives none
   * @param positions {@code max_position_embeddings}
   * @param headSize D
   * @throws IllegalArgumentException naming the field that is missing, wrong or not obeyed
   */
  public static RotaryConfig read(
      ConfigJson json, double standardTheta, int positions, int headSize) {
    JsonFields fields = json.fields();
    JsonFields rope = parameters(fields);
    for (String key : (Iterable<String>) rope.json()::fieldNames) {
      if (rope.has(key) && !KNOWN.contains(key)) {
        throw new IllegalArgumentException("rope_parameters: " + key + " is not supported");
      }
    }
    if (rope.number(PART, 1) != 1 || fields.number(PART, 1) != 1) {
      throw new IllegalArgumentException(PART + " other than 1 is not supported");
    }
    double theta = rope.number(THETA, fields.number(THETA, standardTheta));
    if (theta <= 0) {
      throw new IllegalArgumentException(THETA + " is " + theta + ", must be positive");
    }
    // As with transformers, what stands beside the parameters counts before what is in them.
    int original = fields.integer(ORIGINAL, rope.integer(ORIGINAL, positions));
    if (original < 1) {
      throw new IllegalArgumentException(ORIGINAL + " is " + original + ", must be positive");
    }
    return new RotaryConfig(theta, scaling(rope, original, positions, headSize));
  }

  private static JsonFields parameters(JsonFields fields) {
    for (String key : List.of("rope_scaling", "rope_parameters")) {
      if (fields.has(key)) {
        JsonFields.require(
            fields.json().get(key).isObject(), key, fields.json().get(key), "an object");
        if (!fields.json().get(key).isEmpty()) {
          return new JsonFields((ObjectNode) fields.json().get(key));
        }
      }
    }
    return new JsonFields(fields.json().objectNode());
  }

  private static RotaryScaling scaling(JsonFields rope, int original, int positions, int headSize) {
    String type = rope.text("rope_type", rope.text("type", "default"));
    return switch (type) {
      case "default" -> RotaryScaling.NONE;
      case "linear" -> new RotaryScaling.Linear(required(rope, FACTOR, type));
      case "dynamic" -> {
        if (headSize <= 2) {
          throw new IllegalArgumentException(
              "rope_parameters: dynamic needs heads of more than 2 channels, not of " + headSize);
        }
        yield new RotaryScaling.DynamicNtk(required(rope, FACTOR, type), positions);
      }
      case "yarn" -> yarn(rope, original, positions);
      case "llama3" ->
          new RotaryScaling.Llama3(
              required(rope, FACTOR, type),
              required(rope, "low_freq_factor", type),
              required(rope, "high_freq_factor", type),
              original);
      case "longrope" -> longRope(rope, original, positions, headSize);
      default ->
          throw new IllegalArgumentException(
              "rope_parameters: rope_type %s is not supported; default, linear, dynamic, yarn,"
                      .formatted(type)
                  + " llama3 and longrope are");
    };
  }

  private static double required(JsonFields rope, String key, String type) {
    double value =
        rope.number(key)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "rope_parameters: no %s, which rope_type %s needs".formatted(key, type)));
    return positive(key, value);
  }

  private static double positive(String key, double value) {
    if (value <= 0) {
      throw new IllegalArgumentException(
          "rope_parameters: " + key + " is " + value + ", must be positive");
    }
    return value;
  }

  private static RotaryScaling yarn(JsonFields rope, int original, int positions) {
    double factor = positive(FACTOR, rope.number(FACTOR, (double) positions / original));
    double attention =
        rope.number("attention_factor")
            .orElseGet(
                () ->
                    RotaryScaling.Yarn.attentionFactor(
                        factor, rope.number("mscale", 0), rope.number("mscale_all_dim", 0)));
    double fast = rope.number("beta_fast", 0);
    double slow = rope.number("beta_slow", 0);
    return new RotaryScaling.Yarn(
        factor,
        original,
        attention,
        fast == 0 ? 32 : positive("beta_fast", fast),
        slow == 0 ? 1 : positive("beta_slow", slow),
        rope.flag("truncate", true));
  }

  private static RotaryScaling longRope(
      JsonFields rope, int original, int positions, int headSize) {
    double factor = positive(FACTOR, rope.number(FACTOR, (double) positions / original));
    double attention =
        rope.number("attention_factor")
            .orElseGet(() -> RotaryScaling.LongRope.attentionFactor(factor, original));
    return new RotaryScaling.LongRope(
        factors(rope, "short_factor", headSize),
        factors(rope, "long_factor", headSize),
        original,
        attention);
  }

  private static List<Double> factors(JsonFields rope, String key, int headSize) {
    List<Double> factors = rope.numbers(key);
    if (factors.size() != headSize / 2) {
      throw new IllegalArgumentException(
          "rope_parameters: %s has %d numbers, must have %d, half a head's channels"
              .formatted(key, factors.size(), headSize / 2));
    }
    factors.forEach(factor -> positive(key, factor));
    return factors;
  }

  /** The {@code rope_parameters} of a config. */
  public static Map<String, Object> write(RotaryConfig config) {
    var fields = new TreeMap<String, Object>();
    fields.put(THETA, config.theta());
    switch (config.scaling()) {
      case RotaryScaling.None none -> fields.put("rope_type", "default");
      case RotaryScaling.Linear linear -> {
        fields.put("rope_type", "linear");
        fields.put(FACTOR, linear.factor());
      }
      case RotaryScaling.DynamicNtk dynamic -> {
        fields.put("rope_type", "dynamic");
        fields.put(FACTOR, dynamic.factor());
      }
      case RotaryScaling.Yarn yarn -> {
        fields.put("rope_type", "yarn");
        fields.put(FACTOR, yarn.factor());
        fields.put(ORIGINAL, yarn.original());
        fields.put("attention_factor", yarn.attentionFactor());
        fields.put("beta_fast", yarn.betaFast());
        fields.put("beta_slow", yarn.betaSlow());
        fields.put("truncate", yarn.truncate());
      }
      case RotaryScaling.Llama3 llama3 -> {
        fields.put("rope_type", "llama3");
        fields.put(FACTOR, llama3.factor());
        fields.put("low_freq_factor", llama3.lowFactor());
        fields.put("high_freq_factor", llama3.highFactor());
        fields.put(ORIGINAL, llama3.original());
      }
      case RotaryScaling.LongRope longRope -> {
        fields.put("rope_type", "longrope");
        fields.put("short_factor", longRope.shortFactors());
        fields.put("long_factor", longRope.longFactors());
        fields.put(ORIGINAL, longRope.original());
        fields.put("attention_factor", longRope.attentionFactor());
      }
    }
    return fields;
  }
}
