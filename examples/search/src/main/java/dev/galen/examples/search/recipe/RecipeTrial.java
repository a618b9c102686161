package dev.galen.examples.search.recipe;

import dev.galen.examples.search.StudyException;
import dev.galen.examples.search.Trial;
import dev.galen.examples.search.TrialPruned;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.StepReport;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.run.FineTuning;
import dev.galen.train.run.FineTuningResult;
import dev.galen.train.run.FineTuningSpec;
import dev.galen.train.run.GivenData;
import dev.galen.train.run.RunListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * One run of a recipe, in this process: the JVM is warm, the data are cached, and what the run
 * allocated is given back when its scope closes. What ends it (NaN, a setting that no run can use,
 * too little memory) is an exception, which ends no more than the trial.
 */
final class RecipeTrial {
  private final SearchSpec search;
  private final GivenData given;
  private final RunListener listener;

  RecipeTrial(SearchSpec search, GivenData given, RunListener listener) {
    this.search = search;
    this.given = given;
    this.listener = listener;
  }

  /** Where a trial's run writes; another attempt is another folder. */
  static Path folder(Path output, int number, int attempt) {
    String name = "trial-" + number;
    return output.resolve(attempt == 1 ? name : name + "-" + attempt);
  }

  /** The recipe with the values of a trial. */
  Recipe recipe(Trial trial) {
    var recipe = new Recipe(search.recipe(), search.source());
    for (RecipeParameter parameter : search.parameters()) {
      if (parameter.applies(recipe)) {
        double value = trial.suggest(parameter.field(), parameter.range()).number();
        recipe.set(parameter.field(), parameter.json(value));
      }
    }
    return recipe.output(folder(search.output(), trial.number(), trial.attempt()));
  }

  /**
   * Runs it, and returns the metric.
   *
   * @throws InterruptedException if the run was asked to stop, so that the trial is given back
   */
  double run(Trial trial) throws IOException, InterruptedException {
    Recipe recipe = recipe(trial);
    FineTuningSpec spec = recipe.spec();
    spec = spec.withData(spec.data().orGiven(given));
    FineTuningResult result;
    try (var scope = MemoryScope.open("trial " + trial.number())) {
      result = new FineTuning(spec).listen(new Reports(trial)).run();
    } finally {
      System.gc(); // weights lie outside of the heap, and are freed when they are not reachable
    }
    if (!result.isDone()) {
      throw new InterruptedException("trial " + trial.number() + " was asked to stop");
    }
    Map<String, Double> figures = Metrics.of(result);
    figures.forEach(trial::figure);
    Double value = figures.get(Metrics.canonical(search.metric()));
    if (value == null) {
      throw new StudyException(
          new IllegalArgumentException(
              "the metric is %s, but a run of %s measures %s; give it validation data that have it"
                  .formatted(
                      search.metric(),
                      search.source(),
                      figures.isEmpty() ? "nothing" : String.join(", ", figures.keySet()))));
    }
    return value;
  }

  /** Validation losses on the way become the trial's reports, and may end it. */
  private final class Reports implements RunListener {
    private final Trial trial;
    private long total = Long.MAX_VALUE;

    Reports(Trial trial) {
      this.trial = trial;
    }

    @Override
    public void onLine(String what, String line) {
      listener.onLine(what, line);
    }

    @Override
    public void onNotice(String line) {
      listener.onNotice(line);
    }

    @Override
    public void onStep(StepReport report) throws IOException {
      total = report.totalSteps();
      listener.onStep(report);
    }

    /** What was measured before the first update tells nothing, a run at its end is not ended. */
    @Override
    public void onEvaluation(long step, Perplexity validation) throws IOException {
      listener.onEvaluation(step, validation);
      if (step == 0) {
        return;
      }
      trial.report(step, validation.loss());
      if (step < total && trial.shouldPrune()) {
        throw new TrialPruned();
      }
    }
  }
}
