package dev.galen.examples.clinical.trust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.DocumentJson;
import dev.galen.examples.clinical.trust.AnnotationReview.Agreed;
import dev.galen.examples.clinical.trust.AnnotationReview.Disagreement;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The file in which a third person decides where two annotators differ: JSON lines {@code {"id",
 * "start", "end", "quote", "text", "first", "second", "adjudicated"}}, of which {@code adjudicated}
 * is empty at first. Places are in code points; labels of whole texts have none.
 */
public final class Adjudication {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int CONTEXT = 40;

  private Adjudication() {}

  /**
   * Writes what is to be decided.
   *
   * @throws IOException if the file stands there with decisions in it, which would be lost
   */
  public static void write(List<Disagreement> disagreements, Path file) throws IOException {
    if (Files.exists(file) && holdsDecisions(file)) {
      throw new IOException(
          file + ": holds decisions, which would be lost; choose another file, or remove it");
    }
    var lines = new StringBuilder();
    for (Disagreement d : disagreements) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("id", d.id());
      if (d.start() >= 0) {
        json.put("start", d.text().codePointCount(0, d.start()));
        json.put("end", d.text().codePointCount(0, d.end()));
        json.put("quote", d.text().substring(d.start(), d.end()));
        int from = Math.max(0, d.start() - CONTEXT);
        int to = Math.min(d.text().length(), d.end() + CONTEXT);
        json.put("context", whole(d.text(), from, to));
      } else if (d.text() != null) {
        json.put("text", d.text());
      }
      json.put("first", d.first()).put("second", d.second()).put("adjudicated", "");
      lines.append(MAPPER.writeValueAsString(json)).append('\n');
    }
    AtomicFile.writeString(file, lines.toString());
  }

  private static boolean holdsDecisions(Path file) throws IOException {
    try {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank() && !MAPPER.readTree(line).path("adjudicated").asText().isBlank()) {
          return true;
        }
      }
      return false;
    } catch (JsonProcessingException e) {
      return true; // whatever it is, it is not what this class has written
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
  }

  /** A part of a text that begins and ends with whole characters. */
  private static String whole(String text, int from, int to) {
    int begin = from > 0 && Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
    int end = to < text.length() && Character.isLowSurrogate(text.charAt(to)) ? to - 1 : to;
    return text.substring(begin, end);
  }

  /**
   * Reads what was decided, and gives the texts their labels and spans.
   *
   * @param label the field of the label in the result; ignored for spans
   * @return JSON lines
   * @throws IOException naming the line, if something is not decided, or decided as what neither
   *     annotator has used, or is none of the disagreements
   */
  public static String decided(AnnotationReview review, Path file, String label)
      throws IOException {
    Map<String, String> decisions = read(file, known(review), keys(review));
    var open = review.disagreements().stream().filter(d -> !decisions.containsKey(key(d))).toList();
    if (!open.isEmpty()) {
      throw new IOException(
          "%s: %d of %d disagreements are not decided, the first of id \"%s\"; fill in adjudicated"
              .formatted(file, open.size(), review.disagreements().size(), open.getFirst().id()));
    }
    return review.unit().equals("text")
        ? labels(review, decisions, label)
        : spans(review, decisions);
  }

  private static String labels(AnnotationReview review, Map<String, String> decisions, String label)
      throws IOException {
    var lines = new StringBuilder();
    for (Agreed agreed : review.texts()) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("id", agreed.id());
      if (agreed.text() != null) {
        json.put("text", agreed.text());
      }
      String decided = agreed.label() == null ? decisions.get(key(agreed.id(), -1, -1)) : null;
      json.put(label, decided == null ? agreed.label() : decided);
      lines.append(MAPPER.writeValueAsString(json)).append('\n');
    }
    return lines.toString();
  }

  private static String spans(AnnotationReview review, Map<String, String> decisions) {
    var byText = new LinkedHashMap<String, List<Annotation>>();
    review.texts().forEach(agreed -> byText.put(agreed.id(), new ArrayList<>(agreed.spans())));
    for (Disagreement d : review.disagreements()) {
      String decided = decisions.get(key(d));
      if (!decided.equals(AnnotationReview.NONE)) {
        byText.get(d.id()).add(new Annotation(d.start(), d.end(), decided));
      }
    }
    var lines = new StringBuilder();
    for (Agreed agreed : review.texts()) {
      List<Annotation> spans = byText.get(agreed.id());
      spans.sort(Comparator.comparingInt(Annotation::start).thenComparingInt(Annotation::end));
      var document =
          new Document(agreed.id(), agreed.text(), Map.of(), spans, new Origin("adjudicated", 0));
      lines.append(DocumentJson.write(document)).append('\n');
    }
    return lines.toString();
  }

  private static Map<String, String> read(Path file, Set<String> known, Set<String> asked)
      throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
    var decisions = new HashMap<String, String>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      var here = new Origin(file.toString(), i + 1);
      JsonNode json;
      try {
        json = MAPPER.readTree(lines.get(i));
      } catch (JsonProcessingException e) {
        throw new IOException(here + ": not a JSON object on one line", e);
      }
      String decided = json.path("adjudicated").asText().strip();
      String key =
          key(json.path("id").asText(), json.path("start").asInt(-1), json.path("end").asInt(-1));
      if (!asked.contains(key)) {
        throw new IOException(here + ": is none of the disagreements of these files");
      }
      if (decided.isEmpty()) {
        continue;
      }
      if (!known.contains(decided)) {
        throw new IOException(
            "%s: adjudicated is %s, must be one of %s"
                .formatted(here, ErrorText.quote(decided), String.join(", ", known)));
      }
      if (decisions.put(key, decided) != null) {
        throw new IOException(here + ": was decided before in this file");
      }
    }
    return decisions;
  }

  private static Set<String> known(AnnotationReview review) {
    var known = new TreeSet<>(review.kappa().labels());
    review.disagreements().forEach(d -> known.addAll(List.of(d.first(), d.second())));
    return known;
  }

  private static Set<String> keys(AnnotationReview review) {
    var keys = new HashSet<String>();
    review.disagreements().forEach(d -> keys.add(key(d)));
    return keys;
  }

  private static String key(Disagreement d) {
    return d.start() < 0
        ? key(d.id(), -1, -1)
        : key(d.id(), d.text().codePointCount(0, d.start()), d.text().codePointCount(0, d.end()));
  }

  /** Places in code points. */
  private static String key(String id, int start, int end) {
    return id + "\u0000" + start + "\u0000" + end;
  }
}
