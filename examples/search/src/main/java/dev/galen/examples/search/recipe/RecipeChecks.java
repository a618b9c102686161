package dev.galen.examples.search.recipe;

import dev.galen.examples.search.prune.Pruner;
import dev.galen.examples.search.sample.GridSampler;
import dev.galen.examples.search.space.Choices;
import dev.galen.examples.search.space.Range;
import dev.galen.model.hub.Hub;
import dev.galen.train.run.FineTuningSpec;
import dev.galen.train.run.GivenData;
import dev.galen.train.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What no trial could use, refused before the first one, by field, value and what is allowed. */
final class RecipeChecks {
  private static final String EPOCHS = "training.epochs";
  private static final String STEPS = "training.steps";

  private final SearchSpec search;
  private final GivenData given;
  private final Recipe base;

  RecipeChecks(SearchSpec search, GivenData given) {
    this.search = search;
    this.given = given;
    this.base = new Recipe(search.recipe(), search.source()).output(search.output());
  }

  void check() throws IOException {
    FineTuningSpec spec = base.spec();
    Metrics.require(search.metric(), Tasks.named(spec.task()));
    search.parameters().forEach(this::check);
    requireEvaluations();
    requireFiles(spec);
  }

  /** Each end of a range, or each choice, beside the first values of all others. */
  private void check(RecipeParameter parameter) {
    Range range = parameter.range();
    long variants = range instanceof Choices ? range.size() : Math.min(2, range.size());
    try {
      Recipe others = firstValues(parameter);
      for (long i = 0; i < variants; i++) {
        double value = i == 1 && !(range instanceof Choices) ? last(range) : range.at(i);
        others.copy().set(parameter.field(), parameter.json(value)).spec();
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "parameter " + parameter.text() + ": " + e.getMessage(), e);
    }
    if (parameter.field().equals(EPOCHS) && base.text(STEPS) != null) {
      throw new IllegalArgumentException(
          "parameter %s: %s changes nothing in this recipe, as %s is %s; leave that out"
              .formatted(parameter.text(), EPOCHS, STEPS, base.text(STEPS)));
    }
  }

  private static double last(Range range) {
    return range.size() == Long.MAX_VALUE ? range.at(1) : range.at(range.size() - 1);
  }

  /** The recipe with a first value of all but {@code wanted}, such that that one is varied. */
  private Recipe firstValues(RecipeParameter wanted) {
    Recipe recipe = base.copy();
    for (RecipeParameter parameter : search.parameters()) {
      if (parameter.equals(wanted)) {
        break;
      }
      if (parameter.applies(recipe)) {
        recipe.set(parameter.field(), parameter.json(first(parameter, wanted)));
      }
    }
    if (!wanted.applies(recipe)) {
      String value = recipe.text(wanted.when());
      throw new IllegalArgumentException(
          "%s is %s, never %s, and so it would never be varied; put what it depends on before it"
              .formatted(
                  wanted.when(),
                  value == null ? "not given" : value,
                  String.join(" or ", wanted.values())));
    }
    return recipe;
  }

  private static double first(RecipeParameter parameter, RecipeParameter wanted) {
    if (parameter.field().equals(wanted.when()) && parameter.range() instanceof Choices choices) {
      for (int i = 0; i < choices.size(); i++) {
        if (wanted.values().contains(parameter.json(i).asText())) {
          return i;
        }
      }
    }
    return parameter.range().at(0);
  }

  private void requireEvaluations() {
    if (search.wantedPruner() != Pruner.NONE && "0".equals(base.text("training.evaluateEvery"))) {
      throw new IllegalArgumentException(
          "training.evaluateEvery is 0, must be above 0 for the pruner: it compares validation"
              + " losses on the way");
    }
  }

  private void requireFiles(FineTuningSpec spec) throws IOException {
    if (spec.data().train().isEmpty() && given == null) {
      throw new IllegalArgumentException(
          "data.train of %s names no files; name those to learn from".formatted(search.source()));
    }
    var files = new ArrayList<>(spec.data().train());
    if (spec.data().validation() != null) {
      files.add(spec.data().validation());
    }
    for (Path file : files) {
      if (!Files.exists(file)) {
        throw new IOException(file + ": no such file, which " + search.source() + " names as data");
      }
    }
    if (spec.model().directory() != null) {
      Hub.resolve(spec.model().directory());
    }
  }

  /** All combinations that can be, each once: a parameter that is not varied has no value. */
  GridSampler grid() {
    List<Map<String, Double>> points = List.of(Map.of());
    for (RecipeParameter parameter : search.parameters()) {
      var longer = new ArrayList<Map<String, Double>>();
      for (Map<String, Double> point : points) {
        if (parameter.applies(at(point))) {
          longer.addAll(GridSampler.extended(List.of(point), parameter.field(), parameter.range()));
        } else {
          longer.add(new LinkedHashMap<>(point));
        }
      }
      points = longer;
    }
    return new GridSampler(points);
  }

  private Recipe at(Map<String, Double> point) {
    Recipe recipe = base.copy();
    for (RecipeParameter parameter : search.parameters()) {
      Double value = point.get(parameter.field());
      if (value != null) {
        recipe.set(parameter.field(), parameter.json(value));
      }
    }
    return recipe;
  }
}
