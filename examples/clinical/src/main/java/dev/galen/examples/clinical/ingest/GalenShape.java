package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.DocumentJson;
import dev.galen.examples.clinical.document.RejectedException;

/** Documents as Galen itself writes them. */
final class GalenShape implements RowShape {
  @Override
  public String name() {
    return "galen";
  }

  @Override
  public String reads() {
    return "documents as `galen clinical` writes them";
  }

  @Override
  public boolean recognises(Row first) {
    return first.values().path("text").isTextual()
        && (first.values().path("fields").isObject()
            || first.values().path("spans").isArray()
            || first.values().path("file").isTextual() && first.values().path("line").isNumber());
  }

  @Override
  public Document document(Row row, IngestOptions options) throws RejectedException {
    return DocumentJson.read(row.values().toString(), row.origin());
  }
}
