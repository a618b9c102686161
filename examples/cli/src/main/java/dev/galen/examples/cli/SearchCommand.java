package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.clinical.corpus.ClinicalCorpus;
import dev.galen.examples.search.recipe.RecipeParameter;
import dev.galen.examples.search.recipe.RecipeSearch;
import dev.galen.examples.search.recipe.SearchSpec;
import dev.galen.examples.search.report.StudyReport;
import dev.galen.examples.search.trial.Direction;
import dev.galen.examples.search.trial.History;
import dev.galen.examples.search.trial.TrialRecord;
import dev.galen.examples.search.trial.TrialState;
import dev.galen.train.run.RunListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen search}. */
@Command(
    name = "search",
    description = {
      "Search for the settings of a training run with which it is best.",
      "Each trial is a run of the recipe with other values of the fields that --param names. The"
          + " same command goes on where it was killed, and several processes with the same command"
          + " share one search. Written to --out: trials.jsonl, history.svg, parameters.svg,"
          + " best.yaml, which `galen train --config` repeats to the bit, and a folder for each trial;"
          + " of all models the best one's stays."
    })
final class SearchCommand implements Callable<Integer> {
  /** As after a signal to interrupt. */
  private static final int STOPPED = 130;

  @Mixin private CommonOptions common;

  @Option(
      names = {"--spec", "--config"},
      paramLabel = "FILE",
      required = true,
      description =
          "The recipe, JSON or YAML, as for `galen train --config`; the recipe.yaml of a run is one.")
  private Path spec;

  @Option(
      names = "--param",
      paramLabel = "FIELD=RANGE",
      required = true,
      description =
          "A field of the recipe and what it may be: training.learningRate=float:1e-5:1e-3:log,"
              + " training.weightDecay=float:0:0.1:step=0.02, training.batchSize=int:2:16:log,"
              + " training.schedule=choice:linear,cosine (values as JSON where they are no words)."
              + " With :when:FIELD=A|B behind it only where that field has one of these values."
              + " Once for each field.")
  private List<String> parameters = new ArrayList<>();

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description =
          "What decides, at the end of a run: loss (default) or perplexity of the validation data,"
              + " or a figure of the task, such as accuracy, macroF1, bleu or rougeL.")
  private String metric = "loss";

  @Option(
      names = "--direction",
      paramLabel = "minimize|maximize",
      description = "Which values of it are better (default: lower of losses, higher of others).")
  private Direction direction;

  @Option(
      names = "--sampler",
      paramLabel = "NAME",
      description =
          "Who chooses: tpe (default), random, grid (every combination once), or asha, which is"
              + " random with --pruner asha.")
  private String sampler = "tpe";

  @Option(
      names = "--pruner",
      paramLabel = "NAME",
      description =
          "Who ends trials early by their validation losses on the way: none (default), asha"
              + " (successive halving without waiting), or median.")
  private String pruner;

  @Option(
      names = "--prune-from",
      paramLabel = "N",
      description = "End no trial before so many updates; of asha the lowest rung (default 1).")
  private long pruneFrom;

  @Option(
      names = "--reduction",
      paramLabel = "N",
      description = "Of asha: the best of so many go on from each rung to the next (default 4).")
  private int reduction = 4;

  @Option(
      names = "--trials",
      paramLabel = "N",
      description =
          "Trials of the search in all, those that are there included (default: 20, all of a grid).")
  private Integer trials;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the sampler (default 42).")
  private long seed = 42;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where everything is written.")
  private Path out;

  @Option(
      names = "--storage",
      paramLabel = "URL",
      description =
          "The database of the search (default: study.db in --out, of SQLite):"
              + " jdbc:sqlite:FILE, or jdbc:postgresql://HOST/NAME?user=... for several machines,"
              + " which need --out on a disk that they share.")
  private String storage;

  @Option(
      names = "--study",
      paramLabel = "NAME",
      description = "The search's name in the database (default: search).")
  private String study = "search";

  @Override
  public Integer call() throws IOException {
    var search =
        new SearchSpec(
            SpecFiles.tree(spec),
            spec.toString(),
            parameters.stream().map(SearchCommand::parameter).toList(),
            metric,
            direction,
            sampler,
            pruner,
            pruneFrom,
            reduction,
            trials,
            seed,
            out,
            storage,
            study);
    var run = new RecipeSearch(search, ClinicalCorpus.data());
    common.say("search     %d trials by %s, for %s", run.trials(), sampler, metric);
    try {
      return tell(run.listen(new Lines()).onTrial(this::tell).run());
    } catch (CancellationException e) {
      common.say("stopped    %s; the same command goes on", e.getMessage());
      return STOPPED;
    }
  }

  private static RecipeParameter parameter(String text) {
    try {
      return RecipeParameter.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage().replaceFirst("^parameter", "--param"), e);
    }
  }

  /** Of what the runs tell only what is unusual. */
  private final class Lines implements RunListener {
    @Override
    public void onLine(String what, String line) {
      if (what.equals("study")) {
        common.say("%-10s %s", what, line);
      }
    }

    @Override
    public void onNotice(String line) {
      common.say("%-10s %s", "notice", line);
    }
  }

  private void tell(TrialRecord trial, History history) {
    String given =
        trial.parameters().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().text())
            .collect(Collectors.joining(" "));
    String came =
        switch (trial.state()) {
          case COMPLETE -> String.format(Locale.ROOT, "%.6f", trial.value());
          case PRUNED -> "pruned after " + trial.reports().lastKey() + " updates";
          default -> "failed: " + trial.error();
        };
    common.say("trial %-4d %s  %s", trial.number(), came, given);
    common.print(StudyReport.json(trial));
  }

  private int tell(History history) {
    TrialRecord best =
        history
            .best()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no trial of %d is complete; the last that failed: %s"
                            .formatted(history.trials().size(), lastError(history))));
    common.say("");
    new StudyReport(history, metric).table().forEach(line -> common.say("%s", line));
    common.say("");
    Path recipe = out.resolve("best.yaml");
    common.say("best       trial %d, %s %s", best.number(), metric, best.value());
    common.say("saved      %s: trials.jsonl, history.svg, parameters.svg, the best model", out);
    common.say("repeat     ./galen train --config %s", CommandWords.quoted(recipe.toString()));
    ObjectNode json =
        CommonOptions.object()
            .put("out", out.toString())
            .put("trials", history.trials().size())
            .put("complete", count(history, TrialState.COMPLETE))
            .put("pruned", count(history, TrialState.PRUNED))
            .put("failed", count(history, TrialState.FAILED))
            .put("recipe", recipe.toString());
    json.set("best", StudyReport.json(best));
    common.print(json);
    return 0;
  }

  private static String lastError(History history) {
    return history.trials().reversed().stream()
        .filter(trial -> trial.error() != null)
        .map(TrialRecord::error)
        .findFirst()
        .orElse("none did");
  }

  private static long count(History history, TrialState state) {
    return history.trials().stream().filter(trial -> trial.state() == state).count();
  }
}
