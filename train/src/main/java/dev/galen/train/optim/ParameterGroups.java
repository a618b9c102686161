package dev.galen.train.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a model's parameters differ in rate and decay. Of the groups the first one that a name fits
 * counts; layer-wise decay multiplies its rate.
 *
 * @param groups in order; what fits none has the optimizer's own numbers
 * @param layerDecay factor on the rate from a layer to the one below (Howard and Ruder 2018, arXiv
 *     1801.06146): 1 above the blocks, layerDecay^(L - i) in block i of L, layerDecay^(L + 1) of
 *     embeddings; 1 for none
 * @param layers of the model; 0 while they are not known, see {@link #in}
 */
public record ParameterGroups(List<ParameterGroup> groups, double layerDecay, int layers) {
  /** All parameters alike. */
  public static final ParameterGroups NONE = new ParameterGroups(List.of(), 1);

  /** Checks the number. */
  public ParameterGroups {
    groups = List.copyOf(groups);
    if (!(layerDecay > 0 && layerDecay <= 1)) {
      throw new IllegalArgumentException(
          "layer decay is " + layerDecay + ", must be above 0 and at most 1");
    }
  }

  /** Of a model that is not known yet. */
  public ParameterGroups(List<ParameterGroup> groups, double layerDecay) {
    this(groups, layerDecay, 0);
  }

  /** Whether there are no differences. */
  public boolean isNone() {
    return groups.isEmpty() && layerDecay == 1;
  }

  /**
   * Those of a model's parameters.
   *
   * @throws IllegalArgumentException if a group fits none, or there are no layers to tell apart
   */
  public ParameterGroups in(Iterable<String> names) {
    groups.forEach(group -> NamePattern.requireAny("group", group.pattern(), names));
    int layers = LayerNames.count(names);
    if (layerDecay != 1 && layers == 0) {
      throw new IllegalArgumentException(
          "layer decay is " + layerDecay + ", and no parameter's name has the number of a layer");
    }
    return new ParameterGroups(groups, layerDecay, layers);
  }

  /** What counts for one parameter. */
  ParameterGroup of(String name) {
    double factor = Math.pow(layerDecay, layers + 1 - LayerNames.depth(name, layers));
    for (ParameterGroup group : groups) {
      if (NamePattern.fits(group.pattern(), name)) {
        return group.times(factor);
      }
    }
    return ParameterGroup.REST.times(factor);
  }

  /** What a resumed run must have the same. */
  public Map<String, String> settings() {
    String all = groups.stream().map(ParameterGroup::text).collect(Collectors.joining("; "));
    var settings = new LinkedHashMap<String, String>(); // files are compared byte for byte
    settings.put("parameter-groups", all.isEmpty() ? "none" : all);
    settings.put("layer-decay", Double.toString(layerDecay));
    return settings;
  }
}
