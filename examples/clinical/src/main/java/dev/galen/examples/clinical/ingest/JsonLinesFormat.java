package dev.galen.examples.clinical.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.train.data.Origin;
import java.io.IOException;

/** A row, an object, on each line. Blank lines are passed over. */
final class JsonLinesFormat implements SourceFormat {
  /** A longer line is none of a record. */
  private static final int MAX_LINE = 1 << 25;

  @Override
  public String name() {
    return "jsonl";
  }

  @Override
  public String reads() {
    return ".jsonl, .ndjson, or .json with an object on each line";
  }

  @Override
  public boolean recognises(SourceFile file) {
    if (!file.endsIn("jsonl", "ndjson", "json") || !file.beginsWith("{")) {
      return false;
    }
    return firstObjectIsALine(file.headText(), file.endsIn("json"));
  }

  /** Whether the first object ends with its line, and for {@code more} another one follows. */
  private static boolean firstObjectIsALine(String head, boolean more) {
    try (JsonParser parser = JsonText.MAPPER.getFactory().createParser(head.stripLeading())) {
      parser.nextToken();
      parser.skipChildren();
      if (parser.currentToken() != JsonToken.END_OBJECT) {
        return !more;
      }
      if (parser.currentTokenLocation().getLineNr() != 1) {
        return false;
      }
      return !more || parser.nextToken() == JsonToken.START_OBJECT;
    } catch (IOException e) {
      return !more || head.stripLeading().indexOf('\n') > 0 && secondLineIsAnObject(head);
    }
  }

  /** A first line that is malformed does not make the others a document. */
  private static boolean secondLineIsAnObject(String head) {
    String rest = head.stripLeading();
    String second = rest.substring(rest.indexOf('\n') + 1);
    return second.startsWith("{\"") && rest.startsWith("{\"");
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    var documents = new RowDocuments(options, sink);
    try (var lines = new TextLines(file.text(options.charset()), MAX_LINE)) {
      while (lines.next()) {
        Origin here = file.origin(lines.number());
        if (lines.isTooLong()) {
          documents.malformed(here, "a line of over %d characters".formatted(MAX_LINE));
        } else if (!lines.text().isBlank()) {
          take(lines.text(), here, options, documents);
        }
      }
    }
  }

  private static void take(String line, Origin here, IngestOptions options, RowDocuments documents)
      throws IOException {
    if (TextReader.isBroken(line)) {
      documents.malformed(
          here, "not valid " + options.charset() + "; name the encoding by --encoding");
      return;
    }
    JsonNode row;
    try (JsonParser parser = JsonText.MAPPER.getFactory().createParser(line)) {
      row = JsonText.MAPPER.readTree(parser);
      if (parser.nextToken() != null) {
        documents.malformed(here, "more than one value; expected one JSON object on each line");
        return;
      }
    } catch (JsonProcessingException e) {
      documents.malformed(here, JsonText.problem(e));
      return;
    }
    documents.take("", row, here);
  }
}
