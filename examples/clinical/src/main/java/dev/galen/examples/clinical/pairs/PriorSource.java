package dev.galen.examples.clinical.pairs;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.train.data.Origin;
import java.io.IOException;

/**
 * Documents with the text of the one before them as {@code prior}, if both have the same patient.
 * Documents of a patient have to stand together, the oldest first.
 */
public final class PriorSource implements DocumentSource {
  private final DocumentSource source;
  private final String field;

  /**
   * @param field what says whose a document is, such as {@code patient}
   */
  public PriorSource(DocumentSource source, String field) {
    this.source = source;
    this.field = field;
  }

  @Override
  public void read(Sink sink) throws IOException {
    source.read(
        new Sink() {
          private Document before;

          @Override
          public void accept(Document document) throws IOException {
            String patient = document.field(field);
            boolean same = before != null && patient != null && patient.equals(before.field(field));
            sink.accept(
                same && document.field("prior") == null
                    ? document.with("prior", before.text())
                    : document);
            before = document;
          }

          @Override
          public void reject(Origin origin, String problem) throws IOException {
            sink.reject(origin, problem);
          }

          @Override
          public void end() throws IOException {
            sink.end();
          }
        });
  }

  @Override
  public String stamp() throws IOException {
    return source.stamp();
  }
}
