package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;

/** What rows of some fields mean. */
interface RowShape {
  /** Why a row is left out. */
  final class LeftOut extends Exception {
    private static final long serialVersionUID = 1;

    LeftOut(String why) {
      super(why, null, false, false);
    }
  }

  /** The name that {@code --format} takes. */
  String name();

  /** What it reads, in words for messages and help. */
  String reads();

  /** Whether the first row of a file is of this shape. */
  boolean recognises(Row first);

  /** The set that such rows are of, or null. */
  default PublishedSet published(Row first) {
    return null;
  }

  /**
   * The document of a row.
   *
   * @throws RejectedException if the row cannot be used
   * @throws LeftOut if its source says that it is none
   */
  Document document(Row row, IngestOptions options) throws RejectedException, LeftOut;
}
