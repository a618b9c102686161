package dev.galen.examples.clinical.pipeline;

import dev.galen.examples.clinical.document.Document;
import dev.galen.train.data.Origin;
import java.io.IOException;

/** Where documents come from; each reading gives the same ones in the same order. */
public interface DocumentSource {
  /** Who takes the documents of a source. */
  interface Sink {
    /** Takes the next document. */
    void accept(Document document) throws IOException;

    /**
     * Is told that the record at a place cannot be used; the source goes on behind it.
     *
     * @param problem what is wrong, without a word of the record's text
     */
    void reject(Origin origin, String problem) throws IOException;

    /** Is told that there is no more; every source calls it last. */
    void end() throws IOException;
  }

  /**
   * Gives all documents to {@code sink}, holding one at a time.
   *
   * @throws IOException if the source itself cannot be read
   */
  void read(Sink sink) throws IOException;

  /** What identifies the source's content for a resumed run: names, sizes, times. */
  String stamp() throws IOException;
}
