package dev.galen.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes files that belong together so that a failure leaves the previous ones whole. */
final class AtomicFiles {

  private AtomicFiles() {}

  /**
   * Writes every file to a temporary sibling, and only when all are complete renames them in order.
   *
   * @param contents by file name
   * @throws IOException if a file cannot be written; then none is replaced, and no sibling stays
   */
  static void write(Path directory, Map<String, byte[]> contents) throws IOException {
    var temporaries = new LinkedHashMap<Path, Path>();
    try {
      for (var entry : contents.entrySet()) {
        // Not createTempFile, which would make a file that nobody but its owner can read.
        var suffix = '-' + Long.toHexString(System.nanoTime()) + ".tmp";
        var temporary = directory.resolve('.' + entry.getKey() + suffix);
        temporaries.put(temporary, directory.resolve(entry.getKey()));
        Files.write(temporary, entry.getValue(), StandardOpenOption.CREATE_NEW);
      }
      for (var entry : temporaries.entrySet()) {
        Files.move(entry.getKey(), entry.getValue(), StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      for (var temporary : temporaries.keySet()) {
        Files.deleteIfExists(temporary);
      }
    }
  }
}
