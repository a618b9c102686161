package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.manifest.SourceManifest;
import dev.galen.examples.clinical.report.ReportWriter;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.report.Table;
import dev.galen.model.hub.Hub;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.train.run.DataSource;
import dev.galen.train.run.GivenData;
import dev.galen.train.run.ModelSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What every task is told.
 *
 * @param out the folder that everything is written into: {@code model}, {@code report.html}, {@code
 *     report.json} and what the task says besides
 * @param model a HuggingFace directory to begin with; null for a small model with random weights
 * @param epochs passes over the training data; null for the task's own
 * @param seed of weights, order, dropout, folds and the bootstrap
 * @param device where to compute, such as {@code cpu}; null for the best there is
 * @param command repeats the task, for the report
 * @param sources what is known of the training data
 * @param say gets lines for people
 */
public record TaskSettings(
    Path out,
    String model,
    Integer epochs,
    long seed,
    String device,
    String command,
    List<SourceManifest> sources,
    Consumer<String> say) {
  /** Checks the numbers, and that nothing is missing that must be there. */
  public TaskSettings {
    Objects.requireNonNull(out, "out");
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(say, "say");
    sources = List.copyOf(sources);
    if (epochs != null && epochs < 1) {
      throw new IllegalArgumentException("epochs is " + epochs + ", must be at least 1");
    }
  }

  /** The same with another folder. */
  TaskSettings into(Path folder) {
    return new TaskSettings(folder, model, epochs, seed, device, command, sources, say);
  }

  /** Tells what came out, writes the report, and gives it back. */
  RunReport finish(RunReport report) throws IOException {
    report.summary().forEach(say);
    ReportWriter.write(report, out);
    return report;
  }

  /** What is known of the training data, for the report. */
  Table sourceTable() {
    var table = Table.of("Sources", "name", "licence", "cite", "de-identified", "SHA-256");
    for (SourceManifest source : sources) {
      table.row(
          source.name(),
          source.licence(),
          source.citation(),
          source.deidentified() ? "yes: " + source.deidentifiedBy() : "no",
          source.sha256());
    }
    return table.build();
  }

  /** Where the model is trained. */
  Path modelFolder() {
    return out.resolve("model");
  }

  /** Where the model to ask lies: trained here, or given. */
  Path trained(boolean here) throws IOException {
    return here ? modelFolder() : Hub.resolve(model);
  }

  /** Where it computes. */
  Device computing() {
    return device == null ? Device.best() : Device.of(device);
  }

  /** The directory that was given, or a new model of a shape. */
  ModelSource source(NewModel shape) throws IOException {
    return model == null ? shape.write(out) : ModelSource.of(model);
  }

  /** {@code wanted}, or what a model that was given takes where that is less. */
  int length(int wanted) throws IOException {
    return model == null
        ? wanted
        : Math.min(wanted, Pretrained.readConfig(Hub.resolve(model)).contextLength());
  }

  /** Data in the place of files, with sequences of at most {@code wanted} tokens. */
  DataSource data(GivenData given, int wanted) throws IOException {
    return new DataSource(List.of(), null, length(wanted)).orGiven(given);
  }
}
