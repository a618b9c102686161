package dev.galen.examples.serve.command;

import dev.galen.examples.serve.store.KeysetFile;
import dev.galen.examples.serve.store.Records;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which store. */
final class StoreOptions {
  @Option(
      names = "--store",
      paramLabel = "FILE|URL",
      required = true,
      description = "A file of SQLite, or jdbc:postgresql://HOST/NAME.")
  private String store;

  @Option(
      names = "--keyset",
      paramLabel = "FILE",
      required = true,
      description = "The store's keys, which belong on another volume.")
  private Path keyset;

  Records open() throws IOException {
    return Records.open(store, new KeysetFile(keyset));
  }
}
