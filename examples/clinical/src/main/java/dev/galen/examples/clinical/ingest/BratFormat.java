package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.CodePoints;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.train.data.Origin;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * BRAT's stand-off annotations: {@code note.txt} with {@code note.ann} beside it. A text-bound
 * annotation (T) becomes one of the document, with its id; attributes (A, M), normalisations (N)
 * and notes (#) its attributes; a relation (R) one of its first argument, an event (E) of its
 * trigger, an equivalence (*) of each of its members. A part of a discontinuous one has the
 * attribute {@code fragment}.
 */
final class BratFormat implements SourceFormat {
  @Override
  public String name() {
    return "brat";
  }

  @Override
  public String reads() {
    return "BRAT: .txt with .ann beside it";
  }

  @Override
  public boolean recognises(SourceFile file) {
    return file.endsIn("txt") && Files.isRegularFile(annotations(file));
  }

  private static Path annotations(SourceFile file) {
    String name = file.path().getFileName().toString();
    return file.path().resolveSibling(name.replaceFirst("\\.[^.]*$", "") + ".ann");
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    String text = TextFormat.text(file, options);
    if (text == null || text.isBlank() || TextReader.isBroken(text)) {
      new TextFormat().read(file, options, sink); // says what is wrong with it
      return;
    }
    Path path = annotations(file);
    if (!Files.isRegularFile(path)) {
      throw file.origin(0).error("has no " + path.getFileName() + " beside it");
    }
    var lines = new Lines(text);
    long number = 0;
    try (BufferedReader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      for (String line; (line = reader.readLine()) != null; ) {
        number++;
        if (!line.isBlank()) {
          lines.take(number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line);
        }
      }
      number = 0;
      sink.accept(new Document(file.stem(), text, Map.of(), lines.annotations(), file.origin(1)));
    } catch (RejectedException e) {
      sink.reject(new Origin(path.toString(), number), e.getMessage());
    } catch (MalformedInputException e) {
      sink.reject(new Origin(path.toString(), number + 1), "not valid UTF-8");
    }
  }

  /** A text-bound annotation with what other lines say of it. */
  private record Bound(List<int[]> places, String type, Map<String, String> attributes) {}

  /** What the lines of an .ann file say. */
  private static final class Lines {
    private final String text;
    private final int length;
    private final CodePoints points;
    private final Map<String, Bound> bound = new LinkedHashMap<>();
    private final Map<String, String> triggers = new LinkedHashMap<>();
    private final List<String[]> later = new ArrayList<>();

    Lines(String text) {
      this.text = text;
      this.length = text.codePointCount(0, text.length());
      this.points = new CodePoints(text);
    }

    void take(String line) throws RejectedException {
      String[] parts = line.split("\t", 3);
      switch (line.charAt(0)) {
        case 'T' -> bind(parts);
        case 'E' -> {
          String[] arguments = need(parts, 2, "an event")[1].split(" ");
          triggers.put(parts[0], arguments[0].substring(arguments[0].indexOf(':') + 1));
          later.add(parts);
        }
        case 'R', 'A', 'M', 'N', '#', '*' -> later.add(need(parts, 2, "an annotation"));
        default ->
            throw new RejectedException("a line that begins with none of T, E, R, A, M, N, #, *");
      }
    }

    private static String[] need(String[] parts, int count, String what) throws RejectedException {
      if (parts.length < count) {
        throw new RejectedException(what + " without its fields; expected them between tabs");
      }
      return parts;
    }

    private void bind(String[] parts) throws RejectedException {
      String[] words = need(parts, 3, "a text-bound annotation")[1].split(" ", 2);
      if (words.length < 2) {
        throw new RejectedException("a text-bound annotation without offsets");
      }
      List<int[]> places = new ArrayList<>();
      var covered = new ArrayList<String>();
      for (String place : words[1].split(";")) {
        String[] ends = place.strip().split(" ");
        if (ends.length != 2 || !ends[0].matches("\\d{1,9}") || !ends[1].matches("\\d{1,9}")) {
          throw new RejectedException("offsets that are none: expected START END;START END");
        }
        int start = Integer.parseInt(ends[0]);
        int end = Integer.parseInt(ends[1]);
        if (end < start || end > length) {
          throw new RejectedException(
              "a place from %d to %d in a text of %d code points".formatted(start, end, length));
        }
        int from = points.index(start);
        int to = points.index(end);
        places.add(new int[] {from, to});
        covered.add(text.substring(from, to));
      }
      if (!squeezed(String.join(" ", covered)).equals(squeezed(parts[2]))) {
        throw new RejectedException(
            parts[0] + " names other words than stand in the text at its place");
      }
      var attributes = new LinkedHashMap<String, String>();
      attributes.put("id", parts[0]);
      if (bound.put(parts[0], new Bound(places, words[0], attributes)) != null) {
        throw new RejectedException(parts[0] + " is given twice");
      }
    }

    /** Line ends are spaces in .ann files, or are left out. */
    private static String squeezed(String words) {
      return words.replaceAll("\\s+", "");
    }

    List<Annotation> annotations() throws RejectedException {
      for (String[] parts : later) {
        tell(parts);
      }
      List<Annotation> annotations = new ArrayList<>();
      for (Bound one : bound.values()) {
        int fragment = 0;
        for (int[] place : one.places()) {
          var attributes = new LinkedHashMap<>(one.attributes());
          if (one.places().size() > 1) {
            attributes.put("fragment", ++fragment + "/" + one.places().size());
          }
          annotations.add(new Annotation(place[0], place[1], one.type(), attributes));
        }
      }
      return annotations;
    }

    /** The annotation that an id of a T or an E leads to; null where it is another's. */
    private Bound of(String id) {
      return bound.get(triggers.getOrDefault(id, id));
    }

    private void tell(String[] parts) throws RejectedException {
      String[] words = parts[1].split(" ");
      switch (parts[0].charAt(0)) {
        case 'A', 'M' -> put(parts[0], words, 1, words[0], words.length > 2 ? words[2] : "true");
        case 'N' -> {
          String[] reference = words.length > 2 ? words[2].split(":", 2) : new String[] {"", ""};
          put(parts[0], words, 1, "norm." + reference[0], reference[reference.length - 1]);
        }
        case '#' -> {
          if (words.length > 1 && of(words[1]) != null) { // notes of relations have no place
            put(parts[0], words, 1, "note", parts.length > 2 ? parts[2] : "");
          }
        }
        case 'R' -> {
          String second = words.length > 2 ? after(words[2]) : "";
          put(
              parts[0],
              new String[] {words[0], words.length > 1 ? after(words[1]) : ""},
              1,
              "relation." + words[0],
              second);
        }
        case 'E' -> {
          Bound trigger = require(parts[0], parts[0]);
          add(trigger, "event", parts[0]);
          for (int i = 1; i < words.length; i++) {
            int colon = words[i].indexOf(':');
            if (colon > 0) {
              String role = words[i].substring(0, colon);
              add(trigger, "event." + role, words[i].substring(colon + 1));
            }
          }
        }
        default -> { // equivalences
          for (int i = 1; i < words.length; i++) {
            add(
                require(words[i], "an equivalence"),
                "equivalent",
                String.join(" ", List.of(words).subList(1, words.length)));
          }
        }
      }
    }

    private static String after(String argument) {
      return argument.substring(argument.indexOf(':') + 1);
    }

    private void put(String id, String[] words, int target, String name, String value)
        throws RejectedException {
      if (words.length <= target) {
        throw new RejectedException(id + " names no annotation");
      }
      if (!words[target].startsWith("R")) { // what is said of a relation has no place
        add(require(words[target], id), name, value);
      }
    }

    private Bound require(String id, String of) throws RejectedException {
      Bound one = of(id);
      if (one == null) {
        throw new RejectedException(of + " is of " + id + ", which is no annotation of this file");
      }
      return one;
    }

    private static void add(Bound one, String name, String value) {
      String key = name.matches("start|end|category|id") ? name + "_" : name;
      one.attributes().merge(key, value, (before, more) -> before + "; " + more);
    }
  }
}
