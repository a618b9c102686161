package dev.galen.train.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.StepReport;
import dev.galen.train.Utilisation;
import dev.galen.train.chart.LossCurve;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.task.TaskResult;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/** The training log: a JSON line per update, validation and checkpoint, in a file and told on. */
public final class RunLog implements RunListener, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;
  private final Consumer<String> notice;
  private final RunListener listener;
  private final long total;
  private final Optional<Utilisation> utilisation;
  private final LossCurve curve = new LossCurve();
  private Perplexity before;
  private long measuredAfter = -1;
  private BufferedWriter file;
  private double seconds;
  private long tokens;
  private long updates;

  /**
   * Opens the log of a run that stands at {@code step}: a new file at step 0, else what is there up
   * to this step, without what the interrupted run made beyond its checkpoint.
   *
   * @param total updates of the run
   * @param listener hears each line
   * @param notice told in one line if the file's folder is removed
   */
  public RunLog(Path path, long step, long total, RunListener listener, Consumer<String> notice)
      throws IOException {
    this(path, step, total, Optional.empty(), listener, notice);
  }

  /**
   * The same with {@code mfu} in each update's line.
   *
   * @param utilisation of the machine, if its peak is known
   */
  public RunLog(
      Path path,
      long step,
      long total,
      Optional<Utilisation> utilisation,
      RunListener listener,
      Consumer<String> notice)
      throws IOException {
    this.path = path;
    this.utilisation = utilisation;
    this.listener = listener;
    this.total = total;
    this.notice = notice;
    boolean there = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    AtomicFile.writeString(path, step > 0 && there ? kept(path, step) : "");
    this.file = Files.newBufferedWriter(path, StandardOpenOption.APPEND);
  }

  private String kept(Path path, long step) throws IOException {
    var kept = new StringBuilder();
    // Bytes that are no UTF-8 damage their own line only, as a kill in its middle does.
    for (String line : text(path).lines().toList()) {
      JsonNode json;
      try {
        json = JSON.readTree(line);
      } catch (JsonProcessingException e) {
        continue; // a line that a kill cut short
      }
      long after = json.path("step").asLong(json.path("afterStep").asLong(Long.MAX_VALUE));
      if (after > step) {
        continue;
      }
      kept.append(line).append('\n');
      double trained = json.path("loss").asDouble(Double.NaN);
      double measured = json.path("validationLoss").asDouble(Double.NaN);
      long scored = json.path("validationTokens").asLong();
      if (Double.isFinite(trained)) {
        curve.trained(after, trained);
      } else if (Double.isFinite(measured) && scored > 0) {
        measured(after, new Perplexity(measured, scored));
      }
    }
    return kept.toString();
  }

  private static String text(Path path) throws IOException {
    try {
      return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw ErrorText.named(path, e);
    }
  }

  private void measured(long step, Perplexity perplexity) {
    curve.measured(step, perplexity.loss());
    measuredAfter = step;
    if (step == 0) {
      before = perplexity;
    }
  }

  @Override
  public void onStep(StepReport report) throws IOException {
    curve.onStep(report);
    seconds += report.seconds();
    tokens += report.tokens();
    updates++;
    ObjectNode json = JSON.createObjectNode().put("step", report.step());
    if (report.skipped()) {
      // Its norm, and perhaps its loss, are what JSON has no number for.
      json.put("skipped", true).put("learningRate", report.learningRate());
    } else {
      json.put("loss", report.loss())
          .put("learningRate", report.learningRate())
          .put("gradNorm", report.gradientNorm());
    }
    json.put("tokensPerSecond", report.tokensPerSecond());
    if (utilisation.isPresent()) {
      json.put("mfu", utilisation.get().of(report));
    }
    if (report.lossScale() != 1) {
      json.put("lossScale", report.lossScale());
    }
    write(json);
    listener.onLog(report.step(), report.totalSteps(), true, json.toString());
  }

  @Override
  public void onEvaluation(long step, Perplexity perplexity) throws IOException {
    boolean known = step == measuredAfter; // a finished run that was resumed is measured again
    ObjectNode json =
        JSON.createObjectNode()
            .put("afterStep", step)
            .put("validationLoss", perplexity.loss())
            .put("validationPerplexity", perplexity.perplexity())
            .put("validationTokens", perplexity.tokens());
    if (!known) {
      measured(step, perplexity);
      write(json);
    }
    listener.onLog(step, total, false, json.toString());
  }

  @Override
  public void onFigures(long step, SequencedMap<String, ? extends Number> figures)
      throws IOException {
    ObjectNode json = JSON.createObjectNode().put("afterStep", step);
    figures.forEach((name, value) -> json.set(name, JSON.valueToTree(value)));
    write(json);
    listener.onLog(step, total, false, json.toString());
  }

  @Override
  public void onSample(long step, TaskResult.Sample sample) throws IOException {
    ObjectNode json =
        JSON.createObjectNode()
            .put("afterStep", step)
            .put("prompt", sample.prompt())
            .put("continuation", sample.continuation());
    write(json);
    listener.onLog(step, total, false, json.toString());
  }

  @Override
  public void onCheckpoint(long step, Path directory) throws IOException {
    ObjectNode json =
        JSON.createObjectNode().put("afterStep", step).put("checkpoint", directory.toString());
    write(json);
    listener.onLog(step, total, false, json.toString());
  }

  private void write(ObjectNode json) throws IOException {
    try {
      if (Files.notExists(path)) {
        openAgain();
      }
      file.write(json.toString());
      file.newLine();
      file.flush(); // a killed run keeps its log
    } catch (IOException e) {
      throw new IOException("cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  /** Makes the folder again if it was removed during the run, for the lines still to come. */
  private void openAgain() throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    boolean removed = Files.notExists(folder);
    Files.createDirectories(folder);
    if (removed) {
      notice.accept(
          path.getParent() + ": was removed while this run wrote there; it is made again");
    }
    file.close();
    file = Files.newBufferedWriter(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** What was logged, as a picture. */
  public LossCurve curve() {
    return curve;
  }

  /** What was measured before the first update, if it was. */
  public Optional<Perplexity> before() {
    return Optional.ofNullable(before);
  }

  /** Mean speed of all updates. */
  public double tokensPerSecond() {
    return seconds == 0 ? 0 : tokens / seconds;
  }

  /**
   * Mean tokens of a sequence.
   *
   * @param perUpdate sequences of an update
   */
  double meanLength(long perUpdate) {
    return updates == 0 ? 0 : (double) tokens / (updates * perUpdate);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
