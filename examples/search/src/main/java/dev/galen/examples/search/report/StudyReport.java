package dev.galen.examples.search.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.search.space.Choices;
import dev.galen.examples.search.space.IntRange;
import dev.galen.examples.search.space.Suggestion;
import dev.galen.examples.search.trial.History;
import dev.galen.examples.search.trial.TrialRecord;
import dev.galen.examples.search.trial.TrialState;
import dev.galen.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a study came to.
 *
 * @param history its trials
 * @param metric the name of the objective
 */
public record StudyReport(History history, String metric) {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * Writes {@code trials.jsonl}, {@code history.svg} and {@code parameters.svg} to a folder, which
   * is made if it does not stand.
   */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    String lines =
        history.trials().stream().map(trial -> json(trial) + "\n").collect(Collectors.joining());
    AtomicFile.writeString(folder.resolve("trials.jsonl"), lines);
    var charts = new StudyCharts(history, metric);
    AtomicFile.writeString(folder.resolve("history.svg"), charts.overTrials());
    if (!names().isEmpty()) {
      AtomicFile.writeString(folder.resolve("parameters.svg"), charts.acrossParameters());
    }
  }

  /** A trial as JSON. */
  public static ObjectNode json(TrialRecord trial) {
    ObjectNode json = JSON.createObjectNode();
    json.put("trial", trial.number()).put("state", word(trial));
    if (trial.isComplete()) {
      json.put("value", trial.value());
    }
    ObjectNode parameters = json.putObject("parameters");
    trial.parameters().forEach((name, given) -> put(parameters, name, given));
    ObjectNode reports = json.putObject("reports");
    trial.reports().forEach((step, value) -> reports.put(Long.toString(step), value));
    ObjectNode figures = json.putObject("figures");
    trial.figures().forEach(figures::put);
    if (trial.error() != null) {
      json.put("error", trial.error());
    }
    json.put("attempt", trial.attempt());
    if (trial.state().isFinished()) {
      json.put("seconds", trial.time().toMillis() / 1e3);
    }
    return json;
  }

  private static void put(ObjectNode json, String name, Suggestion given) {
    switch (given.range()) {
      case Choices choices -> json.put(name, given.text());
      case IntRange whole -> json.put(name, (long) given.number());
      default -> json.put(name, given.number());
    }
  }

  /** All trials as lines of a table, the best first. */
  public List<String> table() {
    List<String> names = List.copyOf(names());
    var rows = new ArrayList<List<String>>();
    var head = new ArrayList<>(List.of("trial", "state", metric));
    head.addAll(names);
    head.add("seconds");
    rows.add(head);
    sorted().forEach(trial -> rows.add(row(trial, names)));
    return Columns.lines(rows);
  }

  private Set<String> names() {
    var names = new LinkedHashSet<String>();
    history.trials().forEach(trial -> names.addAll(trial.parameters().keySet()));
    return names;
  }

  private List<TrialRecord> sorted() {
    return history.trials().stream()
        .sorted(
            Comparator.<TrialRecord>comparingInt(trial -> rank(trial.state()))
                .thenComparingDouble(trial -> history.direction().cost(trial.value()))
                .thenComparingInt(TrialRecord::number))
        .toList();
  }

  private static int rank(TrialState state) {
    return switch (state) {
      case COMPLETE -> 0;
      case PRUNED -> 1;
      case FAILED -> 2;
      case RUNNING, WAITING -> 3;
    };
  }

  private static List<String> row(TrialRecord trial, List<String> names) {
    var row = new ArrayList<>(List.of(Integer.toString(trial.number()), word(trial)));
    row.add(trial.isComplete() ? String.format(Locale.ROOT, "%.6g", trial.value()) : "");
    for (String name : names) {
      Suggestion given = trial.parameters().get(name);
      row.add(given == null ? "" : shown(given));
    }
    row.add(
        trial.state().isFinished()
            ? String.format(Locale.ROOT, "%.1f", trial.time().toMillis() / 1e3)
            : "");
    return row;
  }

  /** A value in as many digits as tell it from others. */
  static String shown(Suggestion given) {
    return given.range() instanceof Choices || given.range() instanceof IntRange
        ? given.text()
        : String.format(Locale.ROOT, "%.4g", given.number());
  }

  private static String word(TrialRecord trial) {
    return trial.state().name().toLowerCase(Locale.ROOT);
  }
}
