package dev.galen.model.lora;

import dev.galen.model.Model;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.MatrixLayer;
import dev.galen.model.nn.Projection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Finds what a config means in a model. Paths are those of layers. */
final class TargetSearch {
  private final Model model;
  private final SequencedMap<String, Layer> layers = new LinkedHashMap<>();

  TargetSearch(Model model) {
    this.model = model;
    model.visit(
        "",
        (path, layer) -> {
          if (!path.isEmpty() && !path.contains(".lora_dropout")) {
            layers.put(path, layer);
          }
        });
  }

  /**
   * The layers that get an update.
   *
   * @param saved names of what learns as a whole, which gets none
   * @throws IllegalArgumentException naming what the model has where it has none of them
   */
  SequencedMap<String, MatrixLayer> targets(LoraTargets wanted, List<String> saved) {
    List<Pattern> whole = new ArrayList<>();
    for (String name : saved) {
      whole.add(LoraTargets.pattern("a module to save", "(^|.*\\.)" + name + "($|\\..*)"));
    }
    var found = new LinkedHashMap<String, MatrixLayer>();
    for (var entry : layers.entrySet()) {
      String path = entry.getKey();
      boolean isOut =
          wanted.excludes(path)
              || whole.stream().anyMatch(pattern -> pattern.matcher(path).lookingAt());
      if (!isOut && fits(wanted, path, entry.getValue())) {
        if (!(entry.getValue() instanceof MatrixLayer matrix)) {
          throw new IllegalArgumentException(
              "LoRA's targets %s take in %s, which is no linear layer and no embedding; %s"
                  .formatted(wanted.words(), path, choice()));
        }
        found.put(path, matrix);
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "LoRA's targets %s are in no layer of the model; %s".formatted(wanted.words(), choice()));
    }
    return found;
  }

  private boolean fits(LoraTargets wanted, String path, Layer layer) {
    return wanted.allLinear()
        ? layer instanceof Projection && !path.equals(model.vocabularyHead())
        : wanted.fits(path);
  }

  /** Refuses a name that no layer has, which would be left out in silence. */
  void requireEach(LoraTargets wanted) {
    for (String name : wanted.names()) {
      if (layers.keySet().stream().noneMatch(p -> p.equals(name) || p.endsWith("." + name))) {
        throw new IllegalArgumentException(
            "LoRA's target %s is in no layer of the model; %s".formatted(name, choice()));
      }
    }
  }

  /** The same of modules that are to learn as a whole. */
  void requireEachSaved(List<String> names) {
    for (String name : names) {
      if (layers.keySet().stream().noneMatch(path -> path.endsWith(name))) {
        throw new IllegalArgumentException(
            "the module to save %s is in no layer of the model; %s".formatted(name, choice()));
      }
    }
  }

  /** The layers that learn as a whole: what {@code names} are the ends of, and all below. */
  SequencedMap<String, Layer> saved(List<String> names) {
    var found = new LinkedHashMap<String, Layer>();
    for (var entry : layers.entrySet()) {
      String path = entry.getKey();
      boolean isNamed = names.stream().anyMatch(path::endsWith);
      boolean isBelow = found.keySet().stream().anyMatch(above -> path.startsWith(above + "."));
      if ((isNamed || isBelow) && !entry.getValue().ownParameters().isEmpty()) {
        found.put(path, entry.getValue());
      } else if (isNamed && !isBelow) {
        found.put(path, entry.getValue()); // has none itself, but perhaps below
      }
    }
    return found;
  }

  /** What the model has, by the last names of paths. */
  private String choice() {
    var names = new TreeSet<String>();
    layers.forEach(
        (path, layer) -> {
          if (layer instanceof MatrixLayer) {
            names.add(path.substring(path.lastIndexOf('.') + 1));
          }
        });
    return "it has " + String.join(", ", names) + ", or all-linear";
  }
}
