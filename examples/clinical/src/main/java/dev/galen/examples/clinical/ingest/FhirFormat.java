package dev.galen.examples.clinical.ingest;

import static dev.galen.examples.clinical.ingest.PubMedQaShape.put;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * HL7 FHIR as JSON: a {@code Bundle}, one resource, an array of them, or one a line. A {@code
 * DocumentReference} gives its attachment's text, a {@code DiagnosticReport} that of its presented
 * form, else its conclusion, else its narrative. An attachment that is a link to a {@code Binary}
 * of the same file is read from there. Other resources, and what was entered in error, are left
 * out.
 */
final class FhirFormat implements SourceFormat {
  private final Tesseract tesseract;

  FhirFormat(Tesseract tesseract) {
    this.tesseract = tesseract;
  }

  @Override
  public String name() {
    return "fhir";
  }

  @Override
  public String reads() {
    return "HL7 FHIR as JSON: bundles and NDJSON with DocumentReference, DiagnosticReport";
  }

  @Override
  public boolean recognises(SourceFile file) {
    return (file.beginsWith("{") || file.beginsWith("["))
        && file.headText().contains("\"resourceType\"");
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    var pass = new Pass(file, options, sink, new Attachment(options, tesseract));
    pass.run();
    if (!pass.waiting.isEmpty()) {
      pass.binaries = true;
      pass.run();
      for (Waiting left : pass.waiting.values()) {
        sink.reject(
            left.origin, "its attachment is a link to what is not in the file; expected data");
      }
    }
  }

  /** A document that waits for its text. */
  private record Waiting(String id, LinkedHashMap<String, String> fields, Origin origin) {}

  /** A pass over the file; a second one is for what documents are linked to. */
  private static final class Pass {
    private final SourceFile file;
    private final IngestOptions options;
    private final RecordSink sink;
    private final Attachment attachments;
    private final Map<String, Waiting> waiting = new HashMap<>();
    private boolean binaries;

    Pass(SourceFile file, IngestOptions options, RecordSink sink, Attachment attachments) {
      this.file = file;
      this.options = options;
      this.sink = sink;
      this.attachments = attachments;
    }

    void run() throws IOException {
      boolean lines =
          new JsonLinesFormat().recognises(file) && !file.headText().contains("\"Bundle\"");
      if (lines) {
        lines();
        return;
      }
      try (JsonParser parser =
          JsonText.MAPPER.getFactory().createParser(file.text(options.charset()))) {
        while (parser.nextToken() != null) {
          value(parser);
        }
      } catch (JsonProcessingException e) {
        var place = e.getLocation();
        reject(
            file.origin(place == null ? 0 : place.getLineNr()),
            JsonText.problem(e) + "; the rest of the file is not read");
      }
    }

    /** One resource a line, a malformed one among them told alone. */
    private void lines() throws IOException {
      try (var lines = new TextLines(file.text(options.charset()), 1 << 27)) {
        while (lines.next()) {
          if (lines.text().isBlank()) {
            continue;
          }
          Origin origin = file.origin(lines.number());
          try {
            resource(JsonText.MAPPER.readTree(lines.text()), origin);
          } catch (JsonProcessingException e) {
            reject(origin, JsonText.problem(e));
          }
        }
      }
    }

    private void reject(Origin origin, String problem) throws IOException {
      if (!binaries) {
        sink.reject(origin, problem);
      }
    }

    /** The value on whose first token the parser stands. */
    private void value(JsonParser parser) throws IOException {
      Origin origin = file.origin(parser.currentTokenLocation().getLineNr());
      if (parser.currentToken() == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          value(parser);
        }
      } else if (parser.currentToken() == JsonToken.START_OBJECT) {
        object(parser, origin);
      } else {
        reject(origin, "no resource, but a single value");
      }
    }

    private void object(JsonParser parser, Origin origin) throws IOException {
      ObjectNode fields = JsonText.MAPPER.createObjectNode();
      boolean bundle = false;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("entry") && value == JsonToken.START_ARRAY) {
          bundle = true;
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            Origin place = file.origin(parser.currentTokenLocation().getLineNr());
            JsonNode entry = JsonText.MAPPER.readTree(parser);
            if (entry.path("resource").isObject()) {
              resource(entry.path("resource"), place);
            }
          }
        } else {
          fields.set(name, JsonText.MAPPER.readTree(parser));
        }
      }
      if (!bundle && !fields.path("resourceType").asText().equals("Bundle")) {
        resource(fields, origin);
      }
    }

    private void resource(JsonNode resource, Origin origin) throws IOException {
      String type = resource.path("resourceType").asText("");
      if (binaries) {
        if (type.equals("Binary")) {
          binary(resource);
        }
        return;
      }
      if (type.equals("Bundle")) { // a bundle on a line
        for (JsonNode entry : resource.path("entry")) {
          resource(entry.path("resource"), origin);
        }
        return;
      }
      if (!type.matches("[A-Za-z]{1,40}")) {
        sink.reject(origin, "an object without resourceType");
      } else if (!type.equals("DocumentReference") && !type.equals("DiagnosticReport")) {
        sink.leaveOut("a resource " + type);
      } else if (resource.path("status").asText().equals("entered-in-error")) {
        sink.leaveOut("entered in error");
      } else {
        try {
          report(resource, type, origin);
        } catch (RejectedException e) {
          sink.reject(origin, e.getMessage());
        }
      }
    }

    private void report(JsonNode resource, String type, Origin origin)
        throws RejectedException, IOException {
      String id = resource.path("id").asText("");
      if (id.isEmpty()) {
        id = resource.path("identifier").path(0).path("value").asText(origin.toString());
      }
      LinkedHashMap<String, String> fields = fields(resource, type);
      List<JsonNode> given = new ArrayList<>();
      if (type.equals("DocumentReference")) {
        resource.path("content").forEach(content -> given.add(content.path("attachment")));
      } else {
        resource.path("presentedForm").forEach(given::add);
      }
      JsonNode attachment = best(given);
      String conclusion = resource.path("conclusion").asText("").strip();
      if (attachment != null && attachment.hasNonNull("data")) {
        byte[] bytes = Attachment.decode(attachment.path("data").asText());
        put(fields, "conclusion", conclusion);
        accept(id, attachments.text(contentType(attachment), bytes), fields, origin);
      } else if (!conclusion.isEmpty()) {
        accept(id, conclusion, fields, origin);
      } else if (attachment != null && attachment.hasNonNull("url")) {
        String url = attachment.path("url").asText();
        put(fields, "content_type", attachment.path("contentType").asText(""));
        waiting.put(url.substring(url.lastIndexOf('/') + 1), new Waiting(id, fields, origin));
      } else if (resource.path("text").hasNonNull("div")) {
        accept(id, HtmlText.of(resource.path("text").path("div").asText()), fields, origin);
      } else {
        throw new RejectedException("a " + type + " without text: no attachment, no conclusion");
      }
    }

    /** An attachment in a form that is read, text before HTML before PDF; else the first. */
    private static JsonNode best(List<JsonNode> given) {
      for (String form : List.of("text/plain", "text/html", "application/pdf")) {
        for (JsonNode one : given) {
          if (contentType(one).startsWith(form) && one.hasNonNull("data")) {
            return one;
          }
        }
      }
      return given.isEmpty() ? null : given.getFirst();
    }

    private static String contentType(JsonNode attachment) {
      return attachment
          .path("contentType")
          .asText("text/plain")
          .strip()
          .toLowerCase(java.util.Locale.ROOT);
    }

    private void binary(JsonNode binary) throws IOException {
      Waiting document = waiting.remove(binary.path("id").asText(""));
      if (document == null) {
        return;
      }
      String said = document.fields.remove("content_type");
      String type = binary.path("contentType").asText(said == null ? "text/plain" : said);
      try {
        byte[] bytes =
            Attachment.decode(binary.path("data").asText(binary.path("content").asText()));
        accept(document.id, attachments.text(type, bytes), document.fields, document.origin);
      } catch (RejectedException e) {
        sink.reject(document.origin, e.getMessage());
      }
    }

    private void accept(String id, String text, Map<String, String> fields, Origin origin)
        throws IOException {
      if (text.isBlank()) {
        sink.reject(origin, "its text is empty");
      } else if (TextReader.isBroken(text)) {
        sink.reject(origin, "the text of its attachment is not in the charset that it names");
      } else {
        sink.accept(new Document(id, text, fields, origin));
      }
    }

    private static LinkedHashMap<String, String> fields(JsonNode resource, String type) {
      var fields = new LinkedHashMap<String, String>();
      fields.put("resource", type);
      String subject = resource.path("subject").path("reference").asText("");
      put(fields, "patient", subject.substring(subject.lastIndexOf('/') + 1));
      JsonNode encounter = resource.path("context").path("encounter").path(0);
      if (encounter.isMissingNode()) {
        encounter = resource.path("encounter");
      }
      String visit = encounter.path("reference").asText("");
      put(fields, "encounter", visit.substring(visit.lastIndexOf('/') + 1));
      for (String date : List.of("date", "effectiveDateTime", "indexed", "created", "issued")) {
        if (!fields.containsKey("date")) {
          put(fields, "date", resource.path(date).asText(""));
        }
      }
      put(
          fields,
          "type",
          concept(resource.path(type.equals("DiagnosticReport") ? "code" : "type")));
      JsonNode category = resource.path("category");
      put(fields, "category", concept(category.isArray() ? category.path(0) : category));
      put(fields, "status", resource.path("status").asText(""));
      put(fields, "description", resource.path("description").asText(""));
      return fields;
    }

    /** A concept's words, else its code. */
    private static String concept(JsonNode concept) {
      String text = concept.path("text").asText("");
      JsonNode coding = concept.path("coding").path(0);
      String display = coding.path("display").asText("");
      return !text.isEmpty() ? text : !display.isEmpty() ? display : coding.path("code").asText("");
    }
  }
}
