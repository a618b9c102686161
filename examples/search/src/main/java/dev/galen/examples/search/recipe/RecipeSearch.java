package dev.galen.examples.search.recipe;

import dev.galen.examples.search.Study;
import dev.galen.examples.search.prune.Pruner;
import dev.galen.examples.search.report.StudyReport;
import dev.galen.examples.search.sample.RandomSampler;
import dev.galen.examples.search.sample.Sampler;
import dev.galen.examples.search.sample.TpeSampler;
import dev.galen.examples.search.trial.Direction;
import dev.galen.examples.search.trial.History;
import dev.galen.examples.search.trial.TrialRecord;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.train.run.GivenData;
import dev.galen.train.run.RunListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * A search over the fields of a recipe. Each trial is a run in a folder of its own; of all models
 * the best trial's alone is kept. Beside them lie {@code trials.jsonl}, {@code history.svg}, {@code
 * parameters.svg}, and {@code best.yaml}, the recipe of the best trial, which {@code galen train
 * --config} repeats to the bit. The same search goes on where it was interrupted; in several
 * processes it is one.
 */
public final class RecipeSearch {
  private final SearchSpec search;
  private final GivenData given;
  private final Sampler sampler;
  private RunListener listener = new RunListener() {};
  private BiConsumer<TrialRecord, History> finished = (trial, history) -> {};

  /** A search over a recipe that names the files it learns from. */
  public RecipeSearch(SearchSpec search) throws IOException {
    this(search, null);
  }

  /**
   * Checks a search; nothing is written yet.
   *
   * @param given what a recipe that names no files learns from; null to refuse one
   * @throws IllegalArgumentException in one line that names a field or a setting, its value and
   *     what is allowed
   * @throws IOException in one line that names a file that is missing
   */
  public RecipeSearch(SearchSpec search, GivenData given) throws IOException {
    this.search = search;
    this.given = given;
    var checks = new RecipeChecks(search, given);
    checks.check();
    this.sampler =
        switch (search.sampler()) {
          case "grid" -> checks.grid();
          case "tpe" -> new TpeSampler(search.seed());
          default -> new RandomSampler(search.seed());
        };
  }

  /** Tells {@code listener} what each run does. */
  public RecipeSearch listen(RunListener listener) {
    this.listener = listener;
    return this;
  }

  /** Tells of each trial that this process finished, with all trials. */
  public RecipeSearch onTrial(BiConsumer<TrialRecord, History> finished) {
    this.finished = finished;
    return this;
  }

  /** How many trials the study will have. */
  public int trials() {
    int most = sampler.limit().orElse(Integer.MAX_VALUE);
    int wanted = search.trials() == null ? SearchSpec.TRIALS : search.trials();
    return search.trials() == null && sampler.limit().isPresent() ? most : Math.min(most, wanted);
  }

  /**
   * Searches.
   *
   * @return all trials
   * @throws IllegalArgumentException if the study was begun with other settings
   * @throws UncheckedIOException in one line where a file or the database cannot be used
   */
  public History run() {
    var trial = new RecipeTrial(search, given, listener);
    try (Study study = open()) {
      if (study.isContinued()) {
        listener.onLine(
            "study", "%s has %d trials".formatted(study.place(), study.trials().size()));
      }
      study.optimizeTo(trial::run, trials());
      History history = study.history();
      write(history);
      return history;
    }
  }

  private Study open() {
    Pruner pruner = search.wantedPruner();
    return Study.create()
        .storage(search.wantedStorage(), search.study())
        .sampler(sampler)
        .pruner(pruner)
        .direction(search.wantedDirection())
        .reported(Direction.MINIMIZE)
        .mustKeep("metric", Metrics.canonical(search.metric()))
        .mustKeep("sampler", sampler.text())
        .mustKeep("pruner", pruner.text())
        .mustKeep(
            "parameters",
            search.parameters().stream()
                .map(RecipeParameter::text)
                .collect(Collectors.joining(" ")))
        .mustKeep("recipe", new Recipe(search.recipe(), search.source()).toString())
        .listen(this::ended)
        .open();
  }

  private void ended(TrialRecord trial, History history) {
    finished.accept(trial, history);
    write(history);
  }

  /** What a search that is killed now leaves. */
  private void write(History history) {
    Path output = search.output();
    try {
      new StudyReport(history, Metrics.canonical(search.metric())).write(output);
      var best = history.best();
      if (best.isPresent()) {
        AtomicFile.writeString(output.resolve("best.yaml"), bestRecipe(best.get()));
        TrialFolders.keepOnly(output, history, best.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String bestRecipe(TrialRecord best) {
    var recipe = new Recipe(search.recipe(), search.source());
    for (RecipeParameter parameter : search.parameters()) {
      var given = best.parameters().get(parameter.field());
      if (given != null) {
        recipe.set(parameter.field(), parameter.json(given.number()));
      }
    }
    return recipe.output(search.output().resolve("best")).spec().toYaml();
  }
}
