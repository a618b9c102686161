package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.CodePoints;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * XML of the i2b2 and n2c2 challenges: {@code TEXT} with {@code TAGS} that have {@code start} and
 * {@code end} (2012, 2014, 2018), {@code RECORD}s with {@code PHI} in the text (2006), {@code doc}s
 * (2008). A tag's name is the category, or {@code TYPE} where that is finer; what it says besides
 * are attributes. A tag without a place, such as {@code <ADVANCED-CAD met="met"/>}, is a field.
 */
final class I2b2Format implements SourceFormat {
  /** What the challenges' own files begin with; others are made with the same tool. */
  private static final Pattern ROOTS =
      Pattern.compile(
          "<(deIdi2b2|ClinicalNarrativeTemporalAnnotation|PatientMatching|RECORD ID=|docs>)");

  @Override
  public String name() {
    return "i2b2";
  }

  @Override
  public String reads() {
    return "XML of i2b2 and n2c2: TEXT and TAGS, RECORD with PHI, docs";
  }

  @Override
  public boolean recognises(SourceFile file) {
    String head = file.headText();
    return file.beginsWith("<")
        && (head.contains("<TEXT>") && (file.endsIn("xml") || head.contains("<TAGS>"))
            || head.contains("<RECORD ID=")
            || head.contains("<docs>") && head.contains("<doc id="));
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    if (ROOTS.matcher(file.headText()).find()) {
      sink.published(PublishedSet.I2B2);
    }
    try (var xml = new XmlReader(file)) {
      String id = file.stem();
      int documents = 0;
      String text = null;
      XmlElement tags = null;
      for (XmlElement next; (next = xml.next(Set.of("TEXT", "TAGS", "RECORD", "doc"))) != null; ) {
        Origin here = file.origin(xml.line());
        switch (next.name()) {
          case "TEXT" -> text = next.text();
          case "TAGS" -> tags = next;
          default -> {
            documents++;
            inline(next, here, sink);
          }
        }
      }
      if (text != null) {
        sink.accept(tagged(id, text, tags, file.origin(1)));
      } else if (documents == 0) {
        sink.reject(file.origin(0), "no TEXT");
      }
    } catch (XmlReader.MalformedException e) {
      sink.reject(file.origin(e.line()), e.getMessage());
    } catch (RejectedException e) {
      sink.reject(file.origin(0), e.getMessage());
    }
  }

  private static Document tagged(String id, String text, XmlElement tags, Origin origin)
      throws RejectedException {
    var fields = new LinkedHashMap<String, String>();
    List<Annotation> annotations = new ArrayList<>();
    for (XmlElement tag : tags == null ? List.<XmlElement>of() : tags.children()) {
      place(tag, text, fields, annotations);
    }
    return new Document(id, text, fields, annotations, origin);
  }

  /** A tag, or those in it that have the places (the annotators' own ones in 2014). */
  private static void place(
      XmlElement tag, String text, Map<String, String> fields, List<Annotation> annotations)
      throws RejectedException {
    for (XmlElement inner : tag.children()) {
      place(inner, text, fields, annotations);
    }
    String start = tag.attribute("start");
    String end = tag.attribute("end");
    if (start == null || end == null) {
      tag.attributes()
          .forEach(
              (name, value) -> {
                if (!name.equals("id")) {
                  fields.merge(
                      name.equals("met") ? tag.name() : tag.name() + "." + name,
                      value,
                      (one, other) -> one + "; " + other);
                }
              });
      return;
    }
    if (!start.matches("-?\\d{1,9}") || !end.matches("-?\\d{1,9}")) {
      throw new RejectedException("a tag " + tag.name() + " whose start or end is no number");
    }
    int[] place = place(tag, text, Integer.parseInt(start), Integer.parseInt(end));
    if (place == null) {
      return;
    }
    var attributes = new LinkedHashMap<String, String>();
    String type = tag.attribute("TYPE");
    for (Map.Entry<String, String> attribute :
        new java.util.TreeMap<>(tag.attributes()).entrySet()) {
      if (!Set.of("start", "end", "text", "TYPE").contains(attribute.getKey())
          && !attribute.getValue().isEmpty()) {
        attributes.put(attribute.getKey(), attribute.getValue());
      }
    }
    if (type != null && !type.equals(tag.name())) {
      attributes.put("group", tag.name());
    }
    annotations.add(
        new Annotation(place[0], place[1], type == null ? tag.name() : type, attributes));
  }

  /**
   * Where a tag's words stand; null for one that has none (start and end are -1). Offsets are code
   * points, and where these have other words than the tag says, UTF-16 or the nearest place that
   * has them.
   */
  private static int[] place(XmlElement tag, String text, int start, int end)
      throws RejectedException {
    if (start < 0 && end < 0) {
      return null;
    }
    String words = tag.attribute("text");
    int length = text.codePointCount(0, text.length());
    if (start >= 0 && start <= end && end <= length) {
      var points = new CodePoints(text);
      int from = points.index(start);
      int to = points.index(end);
      if (words == null || same(text.substring(from, to), words)) {
        return new int[] {from, to};
      }
      if (end <= text.length() && same(text.substring(start, end), words)) {
        return new int[] {start, end};
      }
    }
    int near = words == null || words.isBlank() ? -1 : nearest(text, words, start);
    if (near < 0) {
      throw new RejectedException(
          "the tag %s from %d to %d has other words than stand there"
              .formatted(tag.name(), start, end));
    }
    return new int[] {near, near + words.length()};
  }

  private static boolean same(String one, String other) {
    return one.replaceAll("\\s+", " ").strip().equals(other.replaceAll("\\s+", " ").strip());
  }

  /** The place of these words that is nearest to an index, at most 200 characters from it. */
  private static int nearest(String text, String words, int index) {
    int best = -1;
    for (int at = text.indexOf(words, Math.max(0, index - 200));
        at >= 0 && at <= index + 200;
        at = text.indexOf(words, at + 1)) {
      if (best < 0 || Math.abs(at - index) < Math.abs(best - index)) {
        best = at;
      }
    }
    return best;
  }

  /** A RECORD or doc, whose annotations are elements in its text. */
  private static void inline(XmlElement record, Origin origin, RecordSink sink) throws IOException {
    String id = record.attribute(record.name().equals("doc") ? "id" : "ID");
    XmlElement body = record.at(record.name().equals("doc") ? "text" : "TEXT");
    var text = new StringBuilder();
    List<Annotation> annotations = new ArrayList<>();
    append(body, text, annotations);
    if (id == null || text.toString().isBlank()) {
      sink.reject(origin, "a record without " + (id == null ? "an id" : "text"));
      return;
    }
    sink.accept(new Document(id, text.toString(), Map.of(), annotations, origin));
  }

  private static void append(XmlElement element, StringBuilder text, List<Annotation> annotations) {
    for (Object part : element.content()) {
      if (!(part instanceof XmlElement inner)) {
        text.append(part);
        continue;
      }
      int start = text.length();
      append(inner, text, annotations);
      String type = inner.attribute("TYPE");
      annotations.add(
          new Annotation(
              start,
              text.length(),
              type == null ? inner.name() : type,
              type == null ? Map.of() : Map.of("group", inner.name())));
    }
  }
}
