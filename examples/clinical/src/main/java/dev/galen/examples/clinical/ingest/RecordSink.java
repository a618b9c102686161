package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.Document;
import dev.galen.train.data.Origin;
import java.io.IOException;

/** Takes what a format reads of one file. */
interface RecordSink {
  /** Takes the next document. */
  void accept(Document document) throws IOException;

  /** Is told that the record at a place cannot be used. */
  void reject(Origin origin, String problem) throws IOException;

  /** Is told that a record was left out as its source asks for, such as one marked as an error. */
  void leaveOut(String why);

  /** Is told of the set that the records are of, before the first of them. */
  void published(PublishedSet set);
}
