package dev.galen.examples.clinical.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.util.List;

/** Makes documents of the rows of one file; its first row says what they mean. */
final class RowDocuments {
  private final IngestOptions options;
  private final RecordSink sink;
  private RowShape shape;

  RowDocuments(IngestOptions options, RecordSink sink) {
    this.options = options;
    this.sink = sink;
  }

  /**
   * Looks at the columns of a table before its rows.
   *
   * @throws IOException if none of them is the text
   */
  void header(List<String> columns, Origin origin) throws IOException {
    ObjectNode names = JsonText.MAPPER.createObjectNode();
    columns.forEach(names::putNull);
    boolean plain = RowShapes.of(new Row("", names, origin), options) instanceof PlainShape;
    String problem = plain ? PlainShape.problem(columns, options) : null;
    if (problem != null) {
      throw origin.error(problem);
    }
  }

  /** Takes the next row. */
  void take(String key, JsonNode node, Origin origin) throws IOException {
    if (!(node instanceof ObjectNode object)) {
      sink.reject(origin, "the record is no object with named fields");
      return;
    }
    var row = new Row(key, object, origin);
    if (shape == null) {
      shape = RowShapes.of(row, options);
      PublishedSet set = shape.published(row);
      if (set != null) {
        sink.published(set);
      }
    }
    Document document;
    try {
      document = shape.document(row, options);
    } catch (RejectedException e) {
      sink.reject(origin, e.getMessage());
      return;
    } catch (RowShape.LeftOut e) {
      sink.leaveOut(e.getMessage());
      return;
    }
    if (isBroken(document)) {
      sink.reject(origin, "not valid " + options.charset() + "; name the encoding by --encoding");
      return;
    }
    sink.accept(document);
  }

  /** Is told that there is no row at a place. */
  void malformed(Origin origin, String problem) throws IOException {
    sink.reject(origin, problem);
  }

  static boolean isBroken(Document document) {
    return TextReader.isBroken(document.text())
        || TextReader.isBroken(document.id())
        || document.fields().values().stream().anyMatch(TextReader::isBroken);
  }
}
