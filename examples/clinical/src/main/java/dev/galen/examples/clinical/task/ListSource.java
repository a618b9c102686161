package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import java.io.IOException;

/** Documents that were read before. */
record ListSource(TaskDocuments all) implements DocumentSource {
  @Override
  public void read(Sink sink) throws IOException {
    for (Document document : all.documents()) {
      sink.accept(document);
    }
    sink.end();
  }

  @Override
  public String stamp() {
    return all.digest();
  }
}
