package dev.galen.examples.clinical.ingest;

import static dev.galen.examples.clinical.ingest.PubMedQaShape.put;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The reports of one HL7 v2 message. The text of a report is that of its {@code OBX}: lines of text
 * (TX, FT) of the same observation are joined, measured values are a line each, {@code name: value
 * unit (range) flag}. An observation is an annotation {@code observation} with code and name.
 * Comments (NTE) stand behind what they are of. Deleted and wrong observations are left out.
 */
final class Hl7Report {
  private static final Set<String> TEXT = Set.of("TX", "FT");
  private static final Set<String> WITHDRAWN = Set.of("D", "W");
  private static final Set<String> TYPES = Set.of("ORU", "MDM");

  private final List<String> segments;
  private final char separator;
  private final Hl7Escapes escapes;
  private final Origin origin;
  private final Attachment attachments;
  private final RecordSink sink;

  private final LinkedHashMap<String, String> message = new LinkedHashMap<>();
  private LinkedHashMap<String, String> fields;
  private String id;
  private int reports;
  private boolean refused;
  private StringBuilder text = new StringBuilder();
  private List<Annotation> annotations = new ArrayList<>();

  /** The observation that lines of text are joined to: its code, name and where it begins. */
  private String observation;

  private String observationName;
  private int observationStart;

  Hl7Report(
      List<String> segments,
      char separator,
      Hl7Escapes escapes,
      Origin origin,
      Attachment attachments,
      RecordSink sink) {
    this.segments = segments;
    this.separator = separator;
    this.escapes = escapes;
    this.origin = origin;
    this.attachments = attachments;
    this.sink = sink;
  }

  /** Gives the reports to the sink. */
  void read() throws IOException {
    String[] header = split(segments.getFirst());
    // The separator itself is MSH-1, so that here all numbers are one lower.
    String type = component(field(header, 8), 0);
    if (!TYPES.contains(type)) {
      sink.leaveOut("a message " + (type.matches("[A-Z]{3}") ? type : "of no known type"));
      return;
    }
    put(message, "message", value(field(header, 9)));
    put(message, "date", date(field(header, 6)));
    try {
      for (String segment : segments.subList(1, segments.size())) {
        take(split(segment));
      }
      end();
      if (reports == 0 && !refused) {
        throw new RejectedException("a message without OBX that has text");
      }
    } catch (RejectedException e) {
      sink.reject(origin, e.getMessage());
    }
  }

  private String[] split(String segment) {
    return segment.split(Pattern.quote(String.valueOf(separator)), -1);
  }

  private static String field(String[] segment, int number) {
    return number < segment.length ? segment[number] : "";
  }

  private void take(String[] segment) throws RejectedException, IOException {
    switch (segment[0]) {
      case "PID" -> {
        put(message, "patient", component(first(field(segment, 3)), 0));
        if (!message.containsKey("patient")) {
          put(message, "patient", component(first(field(segment, 2)), 0));
        }
        put(message, "sex", component(field(segment, 8), 0));
      }
      case "PV1" -> put(message, "encounter", component(first(field(segment, 19)), 0));
      case "OBR" -> {
        end();
        begin(component(field(segment, 3), 0), component(field(segment, 2), 0));
        put(fields, "type", name(field(segment, 4)));
        put(fields, "date", date(field(segment, 7)));
        put(fields, "status", component(field(segment, 25), 0));
      }
      case "TXA" -> {
        end();
        begin(component(field(segment, 12), 0), "");
        put(fields, "type", name(field(segment, 2)));
        put(fields, "date", date(field(segment, 4)));
      }
      case "OBX" -> {
        try {
          observe(segment);
        } catch (RejectedException e) {
          refused = true; // the other observations are as good as they were
          sink.reject(origin, e.getMessage());
        }
      }
      case "NTE" -> {
        if (fields != null) {
          close();
          line(lines(field(segment, 3)));
        }
      }
      default -> {}
    }
  }

  private void begin(String filler, String placer) {
    fields = new LinkedHashMap<>(message);
    id = !filler.isEmpty() ? filler : placer;
  }

  private void observe(String[] segment) throws RejectedException, IOException {
    if (fields == null) {
      begin("", "");
    }
    if (WITHDRAWN.contains(field(segment, 11))) {
      sink.leaveOut("an observation that was withdrawn");
      return;
    }
    String type = field(segment, 2);
    String code = component(field(segment, 3), 0);
    String value = field(segment, 5);
    if (value.isEmpty() || value.equals("\"\"")) {
      if (TEXT.contains(type) && code.equals(observation)) {
        line(""); // an empty line of a text
      }
      return;
    }
    String name = name(field(segment, 3));
    if (TEXT.contains(type)) {
      if (!code.equals(observation)) {
        close();
        open(code, name);
      }
      line(lines(value));
      return;
    }
    close();
    open(code, name);
    switch (type) {
      case "ED" -> line(encapsulated(value));
      case "RP" -> throw new RejectedException("an observation is a link (RP); expected its text");
      default -> line(measured(type, value, segment, name));
    }
    close();
  }

  private void open(String code, String name) {
    observation = code;
    observationName = name;
    observationStart = -1;
  }

  private void line(String words) {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    if (observation != null && observationStart < 0) {
      observationStart = text.length();
    }
    text.append(words);
  }

  private void close() {
    if (observation != null && observationStart >= 0 && observationStart < text.length()) {
      var attributes = new LinkedHashMap<String, String>();
      put(attributes, "code", observation);
      put(attributes, "name", observationName);
      annotations.add(new Annotation(observationStart, text.length(), "observation", attributes));
    }
    observation = null;
    observationStart = -1;
  }

  /** Ends the report that is open. */
  private void end() throws IOException {
    close();
    if (fields != null && !text.toString().isBlank()) {
      reports++;
      if (TextReader.isBroken(text)) {
        sink.reject(origin, "not valid in its charset; name the encoding by --encoding");
      } else {
        String unnamed = message.getOrDefault("message", origin.toString()) + "-" + reports;
        sink.accept(
            new Document(
                id.isEmpty() ? unnamed : id, text.toString(), fields, annotations, origin));
      }
    }
    fields = null;
    text = new StringBuilder();
    annotations = new ArrayList<>();
  }

  /** Text: repetitions are lines, and what looks like components is none. */
  private String lines(String value) {
    var lines = new ArrayList<String>();
    for (String one : value.split(Pattern.quote(String.valueOf(escapes.repetition())), -1)) {
      lines.add(escapes.undo(one));
    }
    return String.join("\n", lines);
  }

  private String measured(String type, String value, String[] segment, String name) {
    var values = new ArrayList<String>();
    for (String one : value.split(Pattern.quote(String.valueOf(escapes.repetition())), -1)) {
      values.add(
          switch (type) {
            case "CE", "CWE", "CNE", "CF" -> name(one);
            case "SN" -> value(one).replace(" ", "");
            case "DT", "TS", "DTM" -> date(one);
            default -> value(one);
          });
    }
    var line =
        new StringBuilder(name.isEmpty() ? "" : name + ": ").append(String.join(", ", values));
    String unit = name(field(segment, 6));
    line.append(unit.isEmpty() ? "" : " " + unit);
    String range = value(field(segment, 7));
    line.append(range.isEmpty() ? "" : " (" + range + ")");
    String flag = value(first(field(segment, 8)));
    return line.append(flag.isEmpty() ? "" : " " + flag).toString();
  }

  /** Source, type, subtype, encoding, data. */
  private String encapsulated(String value) throws RejectedException, IOException {
    String type = component(value, 1).toLowerCase(Locale.ROOT);
    String subtype = component(value, 2).toLowerCase(Locale.ROOT);
    String words = type + " " + subtype;
    String contentType =
        words.contains("pdf")
            ? "application/pdf"
            : words.contains("rtf")
                ? "application/rtf"
                : words.contains("html")
                    ? "text/html"
                    : type.startsWith("text") || words.contains("txt")
                        ? "text/plain"
                        : type + "/" + subtype;
    String data = part(value, 4);
    if (!component(value, 3).equalsIgnoreCase("base64")) {
      return escapes.undo(data);
    }
    return attachments.text(contentType, Attachment.decode(data)).strip();
  }

  private String first(String field) {
    int end = field.indexOf(escapes.repetition());
    return end < 0 ? field : field.substring(0, end);
  }

  /** A component as it is written, counted from 0. */
  private String part(String field, int number) {
    String[] parts = field.split(Pattern.quote(String.valueOf(escapes.component())), -1);
    return number < parts.length ? parts[number] : "";
  }

  private String component(String field, int number) {
    String part = part(field, number);
    return part.equals("\"\"") ? "" : escapes.undo(part).strip();
  }

  /** All components of a field, between spaces. */
  private String value(String field) {
    var words = new ArrayList<String>();
    for (String part : field.split(Pattern.quote(String.valueOf(escapes.component())), -1)) {
      if (!part.isEmpty() && !part.equals("\"\"")) {
        words.add(escapes.undo(part));
      }
    }
    return String.join(" ", words);
  }

  /** The words of a coded value, else the alternative ones, else its code. */
  private String name(String field) {
    for (int number : new int[] {1, 8, 4, 0}) {
      String words = component(field, number);
      if (!words.isEmpty()) {
        return words;
      }
    }
    return "";
  }

  /** {@code YYYYMMDDHHMM} in ISO's form as far as it goes. */
  private String date(String field) {
    String digits = component(field, 0).replaceAll("[^0-9].*", "");
    return switch (digits.length()) {
      case 0, 1, 2, 3, 5, 7 -> "";
      case 4 -> digits;
      case 6 -> digits.substring(0, 4) + "-" + digits.substring(4, 6);
      default -> {
        String day =
            digits.substring(0, 4) + "-" + digits.substring(4, 6) + "-" + digits.substring(6, 8);
        yield digits.length() < 12
            ? day
            : day + "T" + digits.substring(8, 10) + ":" + digits.substring(10, 12);
      }
    };
  }
}
