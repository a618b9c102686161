package dev.galen.examples.clinical.command;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command that learns PubMedQA's records is told. */
final class RecordOptions {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "PubMedQA's records in either JSON form, or in any format that Galen reads.")
  private Path file;

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      arity = "1..*",
      description = "Public texts to learn, too, beside the training records: MedQuAD, MTS-Dialog.")
  private List<Path> texts = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Seed of everything random (default: 42).")
  private long seed;

  Path file() {
    return file;
  }

  List<Path> texts() {
    return texts;
  }

  long seed() {
    return seed;
  }
}
