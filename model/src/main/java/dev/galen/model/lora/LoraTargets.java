package dev.galen.model.lora;

import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which layers an adapter has an update for, by PEFT's rules. A path is HuggingFace's, without
 * {@code weight}: {@code transformer.h.0.attn.c_attn}.
 *
 * @param names paths, or their ends behind a dot; empty with one of the next two
 * @param pattern a regular expression that a whole path fits; or null
 * @param allLinear every linear layer but the one that makes a vocabulary's logits
 * @param excluded paths, or their ends behind a dot, that get none
 * @param excludedPattern a regular expression of whole paths that get none; or null
 * @param layers the blocks, by number, whose layers do; empty for all
 * @param layersPatterns what blocks are numbered behind, such as {@code layers}; empty for the
 *     first number in a path
 */
public record LoraTargets(
    List<String> names,
    String pattern,
    boolean allLinear,
    List<String> excluded,
    String excludedPattern,
    List<Integer> layers,
    List<String> layersPatterns) {
  /** What PEFT calls every linear layer. */
  public static final String ALL_LINEAR = "all-linear";

  private static final Pattern FIRST_NUMBER = Pattern.compile(".*?\\.[^.]*\\.(\\d+)\\.");

  /** Checks what goes with what. */
  public LoraTargets {
    names = List.copyOf(names);
    excluded = List.copyOf(excluded);
    layers = List.copyOf(layers);
    layersPatterns = List.copyOf(layersPatterns);
    int ways = (names.isEmpty() ? 0 : 1) + (pattern == null ? 0 : 1) + (allLinear ? 1 : 0);
    if (ways != 1) {
      throw new IllegalArgumentException(
          "LoRA's targets are names, a pattern or all-linear: give one of these");
    }
    if (!layers.isEmpty() && names.isEmpty()) {
      throw new IllegalArgumentException(
          "numbers of layers go with names of targets, not with a pattern or all-linear");
    }
    if (layers.isEmpty() && !layersPatterns.isEmpty()) {
      throw new IllegalArgumentException(
          "a pattern of layers says where their numbers stand; give the numbers, too");
    }
    if (pattern != null) {
      pattern("the pattern of LoRA's targets", pattern);
    }
    if (excludedPattern != null) {
      pattern("the pattern of what LoRA excludes", excludedPattern);
    }
    layersPatterns.forEach(each -> pattern("a pattern of layers", each));
  }

  /** Layers whose path is one of {@code names} or ends in one. */
  public static LoraTargets named(List<String> names) {
    return new LoraTargets(names, null, false, List.of(), null, List.of(), List.of());
  }

  /** The same of a few. */
  public static LoraTargets named(String... names) {
    return named(List.of(names));
  }

  /** Layers whose whole path fits a regular expression. */
  public static LoraTargets matching(String pattern) {
    Objects.requireNonNull(pattern);
    return new LoraTargets(List.of(), pattern, false, List.of(), null, List.of(), List.of());
  }

  /** Every linear layer but the one that makes a vocabulary's logits. */
  public static LoraTargets linear() {
    return new LoraTargets(List.of(), null, true, List.of(), null, List.of(), List.of());
  }

  /** The same without layers whose path is one of {@code excluded} or ends in one. */
  public LoraTargets without(List<String> excluded) {
    return new LoraTargets(
        names, pattern, allLinear, excluded, excludedPattern, layers, layersPatterns);
  }

  /** The same in the blocks of these numbers alone. */
  public LoraTargets inLayers(List<Integer> layers) {
    return new LoraTargets(
        names, pattern, allLinear, excluded, excludedPattern, layers, layersPatterns);
  }

  /** Whether the layer at {@code path} is one that never gets an update. */
  boolean excludes(String path) {
    return excludedPattern != null
        ? pattern("a pattern", excludedPattern).matcher(path).matches()
        : endsIn(excluded, path);
  }

  /** Whether the layer at {@code path} is asked for; of {@link #allLinear} the model decides. */
  boolean fits(String path) {
    if (pattern != null) {
      return pattern("a pattern", pattern).matcher(path).matches();
    }
    return endsIn(names, path) && (layers.isEmpty() || isInLayers(path));
  }

  private static boolean endsIn(List<String> names, String path) {
    for (String name : names) {
      if (path.equals(name) || path.endsWith("." + name)) {
        return true;
      }
    }
    return false;
  }

  private boolean isInLayers(String path) {
    if (layersPatterns.isEmpty()) {
      return isListed(FIRST_NUMBER.matcher(path));
    }
    for (String each : layersPatterns) {
      Matcher matcher =
          pattern("a pattern", "(?:^|.*?\\.)" + each + "\\.(?<galenLayer>\\d+)\\.").matcher(path);
      if (matcher.lookingAt()) {
        return layers.contains(Integer.parseInt(matcher.group("galenLayer")));
      }
    }
    return false;
  }

  private boolean isListed(Matcher matcher) {
    return matcher.lookingAt() && layers.contains(Integer.parseInt(matcher.group(1)));
  }

  /**
   * A regular expression as Python writes them.
   *
   * @param what it is, for messages
   */
  static Pattern pattern(String what, String text) {
    try {
      return Pattern.compile(
          text.replace("(?P<", "(?<").replaceAll("\\(\\?P=(\\w+)\\)", "\\\\k<$1>"));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "%s is %s, which is no regular expression: %s".formatted(what, text, e.getDescription()),
          e);
    }
  }

  /** What was asked for, for messages. */
  String words() {
    return allLinear ? ALL_LINEAR : pattern != null ? pattern : String.join(", ", names);
  }
}
