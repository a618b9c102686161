package dev.galen.examples.clinical.ingest;

import dev.galen.train.data.Origin;
import dev.galen.train.format.DataFiles;
import dev.galen.train.format.RowSink;
import java.io.IOException;
import java.util.Map;

/** Parquet and Arrow, by whoever reads them for the trainer. */
final class ParquetFormat implements SourceFormat {
  @Override
  public String name() {
    return "parquet";
  }

  @Override
  public String reads() {
    return ".parquet, .arrow";
  }

  @Override
  public boolean recognises(SourceFile file) {
    return file.endsIn("parquet", "arrow");
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    var documents = new RowDocuments(options, sink);
    boolean read =
        DataFiles.readRows(
            file.path(),
            new RowSink() {
              @Override
              public boolean reads(String column) {
                return true;
              }

              @Override
              public void row(Map<String, ?> row, Origin origin) throws IOException {
                documents.take("", JsonText.MAPPER.valueToTree(row), origin);
              }
            });
    if (!read) {
      throw file.origin(0).error("is not read without galen-formats on the class path");
    }
  }
}
