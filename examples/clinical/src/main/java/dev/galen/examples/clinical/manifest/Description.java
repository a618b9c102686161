package dev.galen.examples.clinical.manifest;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.train.data.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What documents are like: how many, how long, their fields, how balanced those with few values
 * are, their scripts, their annotations. Of a million documents it holds some megabytes.
 */
public final class Description implements DocumentSource.Sink {
  /** A field with more values than these is not one of labels. */
  private static final int LABELS = 25;

  private static final int LONGEST_LABEL = 60;

  private final Lengths characters = new Lengths();
  private final Lengths words = new Lengths();
  private final Map<String, Field> fields = new LinkedHashMap<>();
  private final Map<String, Long> scripts = new TreeMap<>();
  private final Map<String, Long> annotations = new TreeMap<>();
  private long rejected;
  private String firstReject;

  /** Nothing yet. */
  public Description() {}

  /** Of one field of documents. */
  private static final class Field {
    private final Lengths lengths = new Lengths();
    private Map<String, Long> values = new TreeMap<>();

    void add(String value) {
      lengths.add(value.length());
      if (values != null) {
        values.merge(value, 1L, Long::sum);
        if (values.size() > LABELS || value.length() > LONGEST_LABEL) {
          values = null;
        }
      }
    }

    boolean isLabel() {
      return values != null && lengths.count >= 2L * values.size();
    }
  }

  /** Lengths, of which quantiles are asked. */
  private static final class Lengths {
    private int[] values = new int[64];
    private int count;
    private long sum;

    void add(int value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = value;
      sum += value;
    }

    String words(String unit) {
      if (count == 0) {
        return "none";
      }
      int[] sorted = Arrays.copyOf(values, count);
      Arrays.sort(sorted);
      return String.format(
          Locale.ROOT,
          "min %,d, median %,d, mean %,.1f, 95%% %,d, max %,d %s",
          sorted[0],
          sorted[(count - 1) / 2],
          (double) sum / count,
          sorted[(int) Math.ceil(0.95 * count) - 1],
          sorted[count - 1],
          unit);
    }
  }

  @Override
  public void accept(Document document) {
    characters.add(document.text().codePointCount(0, document.text().length()));
    words.add(wordCount(document.text()));
    document
        .fields()
        .forEach((name, value) -> fields.computeIfAbsent(name, key -> new Field()).add(value));
    scripts.merge(script(document.text()), 1L, Long::sum);
    for (Annotation annotation : document.annotations()) {
      annotations.merge(annotation.category(), 1L, Long::sum);
    }
  }

  @Override
  public void reject(Origin origin, String problem) {
    rejected++;
    if (firstReject == null) {
      firstReject = origin + ": " + problem;
    }
  }

  @Override
  public void end() {}

  private static int wordCount(String text) {
    int words = 0;
    boolean inside = false;
    for (int i = 0; i < text.length(); i++) {
      boolean space = Character.isWhitespace(text.charAt(i));
      words += !space && !inside ? 1 : 0;
      inside = !space;
    }
    return words;
  }

  /** The script that most letters are of: Latin, Cyrillic, Han, ...; none without letters. */
  static String script(String text) {
    var counts = new int[Character.UnicodeScript.values().length];
    int letters = 0;
    int latin = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c < 0x80) { // nearly all there is
        boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        letters += letter ? 1 : 0;
        latin += letter ? 1 : 0;
      } else if (Character.isLetter(c)) {
        counts[Character.UnicodeScript.of(c).ordinal()]++;
        letters++;
      }
    }
    counts[Character.UnicodeScript.LATIN.ordinal()] += latin;
    if (letters == 0) {
      return "none";
    }
    int most = 0;
    for (int i = 1; i < counts.length; i++) {
      most = counts[i] > counts[most] ? i : most;
    }
    String name = Character.UnicodeScript.values()[most].name().toLowerCase(Locale.ROOT);
    String title = Character.toUpperCase(name.charAt(0)) + name.substring(1).replace('_', ' ');
    return 10L * counts[most] >= 9L * letters ? title : "mostly " + title;
  }

  /** How many documents there are. */
  public long documents() {
    return characters.count;
  }

  /** The description, line by line. */
  public List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add(String.format(Locale.ROOT, "documents    %,d (%,d rejected)", documents(), rejected));
    if (firstReject != null) {
      lines.add("             the first: " + firstReject);
    }
    lines.add("text         " + characters.words("characters"));
    lines.add("             " + words.words("words"));
    scripts.forEach((script, count) -> lines.add("script       " + share(script, count)));
    annotations.forEach(
        (category, count) ->
            lines.add(String.format(Locale.ROOT, "annotations  %-24s %,d", category, count)));
    fields.forEach(
        (name, field) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "field        %-24s in %,d; %s",
                    name,
                    field.lengths.count,
                    field.lengths.words("characters"))));
    fields.forEach((name, field) -> balance(name, field, lines));
    return lines;
  }

  private void balance(String name, Field field, List<String> lines) {
    if (field.isLabel()) {
      lines.add("balance      " + name);
      field.values.entrySet().stream()
          .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
          .forEach(value -> lines.add("             " + share(value.getKey(), value.getValue())));
    }
  }

  private String share(String what, long count) {
    return String.format(
        Locale.ROOT, "%-24s %,8d  %5.1f%%", what, count, 100.0 * count / documents());
  }
}
