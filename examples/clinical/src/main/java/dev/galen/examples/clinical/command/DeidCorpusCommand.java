package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.deid.DeidCorpus;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.DocumentJson;
import dev.galen.tensor.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code galen clinical deid-corpus}. */
@Command(
    name = "deid-corpus",
    description = "Write synthetic notes with identifiers and traps whose places are known.",
    mixinStandardHelpOptions = true)
final class DeidCorpusCommand implements Callable<Integer> {
  /** The two parts. */
  enum Part {
    TRAIN,
    TEST
  }

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file of JSON lines.")
  private Path out;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "train or test, which share neither sentences nor names (default: test).")
  private Part part = Part.TEST;

  @Option(
      names = "--documents",
      paramLabel = "N",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int documents = 500;

  @Option(names = "--seed", paramLabel = "SEED", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Override
  public Integer call() throws IOException {
    if (documents < 1) {
      throw new IllegalArgumentException("--documents is " + documents + ", must be at least 1");
    }
    var lines = new StringBuilder();
    for (Document note : DeidCorpus.make(part == Part.TEST, documents, seed)) {
      lines.append(DocumentJson.write(note)).append('\n');
    }
    AtomicFile.writeString(out, lines.toString());
    return 0;
  }
}
