package dev.galen.examples.clinical.pipeline;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.DocumentJson;

/** How documents become lines of a run's output. */
public interface DocumentLines {
  /** JSON lines, as {@link DocumentJson} has them. */
  DocumentLines JSON =
      new DocumentLines() {
        @Override
        public String header() {
          return null;
        }

        @Override
        public String line(Document document) {
          return DocumentJson.write(document);
        }
      };

  /** The same with {@code spans} in every line, empty where there are none. */
  DocumentLines SPANS =
      new DocumentLines() {
        @Override
        public String header() {
          return null;
        }

        @Override
        public String line(Document document) {
          return DocumentJson.write(document, true);
        }
      };

  /** The first line, without its end; null for none. */
  String header();

  /** A document's line, without its end; it may hold line ends. */
  String line(Document document);
}
