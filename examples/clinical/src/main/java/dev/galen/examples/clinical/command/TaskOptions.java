package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.ingest.IngestOptions;
import dev.galen.examples.clinical.ingest.IngestSource;
import dev.galen.examples.clinical.manifest.SourceManifest;
import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.examples.clinical.report.ReportWriter;
import dev.galen.examples.clinical.task.TaskDocuments;
import dev.galen.examples.clinical.task.TaskParts;
import dev.galen.examples.clinical.task.TaskSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of every task. */
final class TaskOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--train",
      paramLabel = "FILE",
      arity = "1..*",
      description = "What is learned: the data set's files as published, or ingested documents.")
  private List<Path> train = List.of();

  @Option(
      names = "--test",
      paramLabel = "FILE",
      arity = "1..*",
      description = "What is measured, of the same form.")
  private List<Path> test = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description =
          "Where model, predictions and report go. The same command goes on where it was killed.")
  private Path out;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "Begin with this HuggingFace directory, such as a model pretrained on medical texts"
              + " (default: a small GPT-2 with random weights).")
  private String model;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training data (default: the task's own).")
  private Integer epochs;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of weights, order, dropout, parts and the bootstrap (default 42).")
  private long seed = 42;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "Where to compute: cpu, or cuda:0 (default: the best there is).")
  private String device;

  @Option(
      names = "--identified",
      description = "Learn from data that are not de-identified, too; that is logged.")
  private boolean identified;

  /**
   * What the task is told.
   *
   * @throws IOException if what is to be learned has no manifest, or is not de-identified
   */
  TaskSettings settings() throws IOException {
    var sources = new ArrayList<SourceManifest>();
    for (Path file : train) {
      sources.add(SourceManifest.require(file, identified));
    }
    return new TaskSettings(
        out, model, epochs, seed, device, command(spec), sources, System.err::println);
  }

  /** What the user typed, so that a shell takes it again. */
  static String command(CommandSpec spec) {
    return spec.root().commandLine().getParseResult().originalArgs().stream()
        .map(word -> word.matches("[\\w./:=@+-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" ", "./galen ", ""));
  }

  boolean hasTrain() {
    return !train.isEmpty();
  }

  boolean hasTest() {
    return !test.isEmpty();
  }

  /** What {@code --train} names; each document has these fields. */
  TaskDocuments train(String... fields) throws IOException {
    if (train.isEmpty()) {
      throw new IllegalArgumentException("--train is missing; name the files to learn from");
    }
    return documents(train, "train", fields);
  }

  /** What {@code --test} names. */
  TaskDocuments test(String... fields) throws IOException {
    if (test.isEmpty()) {
      throw new IllegalArgumentException("--test is missing; name the files to measure on");
    }
    return documents(test, "test", fields);
  }

  /**
   * What {@code --train} and {@code --test} name; without {@code --test}, a part of the former is
   * held out.
   *
   * @param held makes the parts of all documents by a seed
   */
  TaskParts parts(String field, BiFunction<TaskDocuments, Long, TaskParts> held)
      throws IOException {
    TaskDocuments learned = train(field);
    return hasTest() ? new TaskParts(learned, test(field)) : held.apply(learned, seed);
  }

  private TaskDocuments documents(List<Path> files, String part, String... fields)
      throws IOException {
    return TaskDocuments.read(
        new IngestSource(files, IngestOptions.DEFAULT),
        files.stream().map(Path::toString).collect(Collectors.joining(", ")),
        out.resolve(part + ".rejects.jsonl"),
        fields);
  }

  /** Where the report is, at the end. */
  void tell() {
    System.err.println("report     " + out.resolve(ReportWriter.HTML));
    System.err.println(Disclaimer.TEXT);
  }
}
