package dev.galen.train.run;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.train.StepReport;
import dev.galen.train.TrainingListener;
import dev.galen.train.Utilisation;
import dev.galen.train.metrics.Perplexity;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The training log as a table: a row for each update, and one for each evaluation, whose columns
 * the others leave empty. What a task measures has columns of its own behind the rest.
 */
public final class CsvLog implements TrainingListener, AutoCloseable {
  private static final List<String> COLUMNS =
      List.of(
          "step",
          "epoch",
          "loss",
          "learning_rate",
          "grad_norm",
          "loss_scale",
          "tokens",
          "seconds",
          "tokens_per_second",
          "mfu",
          "memory_peak",
          "validation_loss",
          "validation_perplexity",
          "validation_tokens");

  private final Path path;
  private final Backend backend;
  private final Optional<Utilisation> utilisation;
  private final List<String> columns = new ArrayList<>(COLUMNS);
  private BufferedWriter file;
  private SequencedMap<String, String> evaluation;
  private long measuredAfter = -1;

  /**
   * Opens the table of a run that stands at {@code step}: a new one at step 0, else what is there
   * up to this step.
   *
   * @param backend whose memory is shown
   * @param utilisation of the machine, if its peak is known
   */
  public CsvLog(Path path, long step, Backend backend, Optional<Utilisation> utilisation)
      throws IOException {
    this.path = path;
    this.backend = backend;
    this.utilisation = utilisation;
    List<String> kept = new ArrayList<>();
    if (step > 0 && Files.exists(path)) {
      List<String> lines = Files.readAllLines(path);
      if (!lines.isEmpty() && lines.getFirst().startsWith(String.join(",", COLUMNS))) {
        columns.clear();
        columns.addAll(List.of(lines.getFirst().split(",")));
        for (String line : lines.subList(1, lines.size())) {
          if (isKept(line, step)) {
            kept.add(line);
          }
        }
      }
    }
    write(kept);
  }

  /** Rows behind the checkpoint are made again, and a kill may have cut the last one. */
  private boolean isKept(String line, long step) {
    String[] cells = line.split(",", -1);
    if (cells.length != columns.size() || !cells[0].matches("\\d{1,18}")) {
      return false;
    }
    long after = Long.parseLong(cells[0]);
    if (after <= step && !cells[COLUMNS.indexOf("validation_loss")].isEmpty()) {
      measuredAfter = after;
    }
    return after <= step;
  }

  private void write(List<String> rows) throws IOException {
    var text = new StringBuilder(String.join(",", columns)).append('\n');
    rows.forEach(row -> text.append(row).append('\n'));
    if (file != null) {
      file.close();
    }
    AtomicFile.writeString(path, text.toString());
    file = Files.newBufferedWriter(path, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }

  @Override
  public void onStep(StepReport report) throws IOException {
    finishEvaluation();
    var cells = new LinkedHashMap<String, String>();
    cells.put("step", Long.toString(report.step()));
    cells.put("epoch", Double.toString(report.epoch()));
    if (!report.skipped()) {
      cells.put("loss", Double.toString(report.loss()));
      cells.put("grad_norm", Double.toString(report.gradientNorm()));
    }
    cells.put("learning_rate", Double.toString(report.learningRate()));
    cells.put("loss_scale", Double.toString(report.lossScale()));
    cells.put("tokens", Long.toString(report.tokens()));
    cells.put("seconds", Double.toString(report.seconds()));
    cells.put("tokens_per_second", Double.toString(report.tokensPerSecond()));
    utilisation.ifPresent(of -> cells.put("mfu", Double.toString(of.of(report))));
    cells.put("memory_peak", Long.toString(backend.memory().peak()));
    write(cells);
  }

  @Override
  public void onEvaluation(long step, Perplexity validation) throws IOException {
    finishEvaluation();
    if (step == measuredAfter) {
      return; // the end of a run measures once more
    }
    measuredAfter = step;
    evaluation = new LinkedHashMap<>();
    evaluation.put("step", Long.toString(step));
    evaluation.put("validation_loss", Double.toString(validation.loss()));
    evaluation.put("validation_perplexity", Double.toString(validation.perplexity()));
    evaluation.put("validation_tokens", Long.toString(validation.tokens()));
  }

  @Override
  public void onFigures(long step, SequencedMap<String, ? extends Number> figures)
      throws IOException {
    if (evaluation == null) {
      return;
    }
    for (Map.Entry<String, ? extends Number> figure : figures.entrySet()) {
      String name = figure.getKey().replace(',', ' ');
      evaluation.put(name, figure.getValue().toString());
      if (!columns.contains(name)) {
        addColumn(name);
      }
    }
    finishEvaluation();
  }

  /** Old rows have nothing in it. */
  private void addColumn(String name) throws IOException {
    file.flush();
    List<String> rows = Files.readAllLines(path);
    columns.add(name);
    write(rows.subList(1, rows.size()).stream().map(row -> row + ",").toList());
  }

  /** An evaluation waits for its figures, which are told behind it. */
  private void finishEvaluation() throws IOException {
    if (evaluation != null) {
      SequencedMap<String, String> cells = evaluation;
      evaluation = null;
      write(cells);
    }
  }

  private void write(Map<String, String> cells) throws IOException {
    var row = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      row.append(i == 0 ? "" : ",").append(cells.getOrDefault(columns.get(i), ""));
    }
    try {
      file.write(row.append('\n').toString());
      file.flush(); // a killed run keeps its table
    } catch (IOException e) {
      throw new IOException("cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void onCheckpoint(long step, Path directory) throws IOException {
    finishEvaluation();
  }

  @Override
  public void close() throws IOException {
    finishEvaluation();
    file.close();
  }
}
