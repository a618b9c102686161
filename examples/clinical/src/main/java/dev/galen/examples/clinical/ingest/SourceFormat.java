package dev.galen.examples.clinical.ingest;

import java.io.IOException;

/** One kind of file: what it is told by, and how its documents are read. It has no state. */
interface SourceFormat {
  /** The name that {@code --format} takes. */
  String name();

  /** What it reads, in words for messages and help. */
  String reads();

  /** Whether a file is of this kind, by its name and its beginning. */
  boolean recognises(SourceFile file) throws IOException;

  /**
   * Gives the documents of a file one by one.
   *
   * @throws IOException if the file cannot be read at all, or not any further
   */
  void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException;
}
