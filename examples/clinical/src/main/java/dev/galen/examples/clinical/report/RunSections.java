package dev.galen.examples.clinical.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.chart.LossCurve;
import dev.galen.train.run.FineTuningSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** What the folder of a training run says of it: curves, and how to repeat it. */
public final class RunSections {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int SHOWN = 60;

  private RunSections() {}

  /**
   * The losses of a run by its {@code log.jsonl}; lines that a kill cut short are left out.
   *
   * @param folder of the run
   * @throws IOException if there is no log
   */
  public static Section curves(Path folder) throws IOException {
    Path log = folder.resolve("log.jsonl");
    var curve = new LossCurve();
    var measures = new LinkedHashMap<Long, Double>();
    boolean isLanguage = false;
    long updates = 0;
    double last = Double.NaN;
    for (String line : lines(log)) {
      JsonNode json = read(line);
      double trained = json.path("loss").asDouble(Double.NaN);
      double measured = json.path("validationLoss").asDouble(Double.NaN);
      if (json.has("step") && Double.isFinite(trained)) {
        updates = json.path("step").asLong();
        last = trained;
        curve.trained(updates, trained);
      } else if (json.has("afterStep") && Double.isFinite(measured)) {
        long step = json.path("afterStep").asLong();
        curve.measured(step, measured);
        measures.put(step, measured);
        isLanguage |= json.has("validationPerplexity");
      }
    }
    Table validation = validation(measures, isLanguage);
    String words =
        "%s updates; the last one's training loss was %s."
            .formatted(Numbers.text(updates), Numbers.text(last));
    return new Section(
        "Curves",
        new Paragraph(words),
        new Figure("Loss while training.", curve.svg(), thinned(validation)));
  }

  private static Table validation(Map<Long, Double> measures, boolean isLanguage) {
    var table =
        isLanguage
            ? Table.of("Validation", "after update", "mean loss (nats)", "perplexity")
            : Table.of("Validation", "after update", "mean loss (nats)");
    measures.forEach(
        (step, loss) -> {
          if (isLanguage) {
            table.row(step, loss, Math.exp(loss));
          } else {
            table.row(step, loss);
          }
        });
    return table.build();
  }

  /** Some of many rows, the first and the last among them. */
  private static Table thinned(Table table) {
    int count = table.rows().size();
    if (count <= SHOWN) {
      return table;
    }
    var rows = new ArrayList<List<Object>>();
    for (int i = 0; i < SHOWN; i++) {
      rows.add(table.rows().get((int) ((long) i * (count - 1) / (SHOWN - 1))));
    }
    return new Table(table.caption() + ", some of " + count, table.columns(), rows);
  }

  private static List<String> lines(Path log) throws IOException {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw ErrorText.named(log, e);
    }
  }

  private static JsonNode read(String line) {
    try {
      return MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      return MAPPER.missingNode();
    }
  }

  /**
   * How to repeat a run: its command, its seed, the versions that it was made with, and its {@code
   * recipe.yaml} where the folder has one.
   *
   * @param command as a user types it
   * @param folder of the training run; null if nothing was trained
   */
  public static Section repeat(String command, Path folder) throws IOException {
    var blocks = new ArrayList<Block>();
    blocks.add(new Code("The command", command));
    Path run = folder == null ? null : folder.resolve("run.json");
    if (run != null && Files.exists(run)) {
      FineTuningSpec spec = FineTuningSpec.read(run);
      blocks.add(
          new Paragraph(
              "The seed is %d. The same command on the same data, version and kind of machine gives the same model."
                  .formatted(spec.training().seed())));
      blocks.add(new Code("recipe.yaml, for galen train --config", spec.toYaml()));
    }
    blocks.add(versions());
    return new Section("How to repeat it", blocks);
  }

  /** What computed: Galen's version, the JDK, the machine. */
  public static Table versions() {
    var table = Table.of("Versions", "what", "version");
    String commit = System.getProperty("galen.commit", "");
    table.row("Galen", release());
    table.row("commit", commit.isEmpty() ? null : commit);
    table.row("Java", Runtime.version().toString());
    table.row("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    table.row("CPUs", Runtime.getRuntime().availableProcessors());
    return table.build();
  }

  /** Galen's version, which the build wrote. */
  static String release() {
    try (InputStream in = RunSections.class.getResourceAsStream("version.properties")) {
      var properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
