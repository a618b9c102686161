package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All that a source gives. */
final class Collected implements DocumentSource.Sink {
  final List<Document> documents = new ArrayList<>();

  /** {@code line: problem}. */
  final List<String> rejects = new ArrayList<>();

  IngestSource source;
  private boolean ended;

  static Collected of(Path... paths) throws IOException {
    return of(IngestOptions.DEFAULT, paths);
  }

  static Collected of(IngestOptions options, Path... paths) throws IOException {
    var collected = new Collected();
    collected.source = new IngestSource(List.of(paths), options);
    collected.source.read(collected);
    if (!collected.ended) {
      throw new AssertionError("the source did not say that it is at its end");
    }
    return collected;
  }

  List<String> ids() {
    return documents.stream().map(Document::id).toList();
  }

  List<String> texts() {
    return documents.stream().map(Document::text).toList();
  }

  /** The only document. */
  Document only() {
    if (documents.size() != 1 || !rejects.isEmpty()) {
      throw new AssertionError(documents.size() + " documents, rejects " + rejects);
    }
    return documents.getFirst();
  }

  @Override
  public void accept(Document document) {
    documents.add(document);
  }

  @Override
  public void reject(Origin origin, String problem) {
    rejects.add(origin.line() + ": " + problem);
  }

  @Override
  public void end() {
    ended = true;
  }
}
