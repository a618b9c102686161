package dev.galen.examples.clinical.deid;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.train.data.Origin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Synthetic notes with every kind of identifier, and with traps: eponyms, drugs, measurements and
 * words that are names elsewhere. The two parts share neither sentences nor names.
 *
 * <p>An identifier is an annotation of its {@link Category}, a trap one of {@value #TRAP}.
 */
public final class DeidCorpus {
  /** The category of an annotation of what has to stay. */
  public static final String TRAP = "TRAP";

  /** Sentences of a note. */
  private static final int SENTENCES = 14;

  private DeidCorpus() {}

  /**
   * Makes notes.
   *
   * @param test the part for tests instead of the one for training
   * @param count notes, at least 0
   */
  public static List<Document> make(boolean test, int count, long seed) {
    List<String> sentences = lines(test ? "corpus-test.txt" : "corpus-train.txt");
    var random = new SplittableRandom(seed * 2 + (test ? 1 : 0));
    var values = new CorpusValues(test, random);
    List<Document> notes = new ArrayList<>();
    List<String> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var text = new StringBuilder();
      List<Annotation> places = new ArrayList<>();
      for (int k = 0; k < SENTENCES; k++) {
        if (order.isEmpty()) {
          order.addAll(sentences);
          Collections.shuffle(order, new Random(random.nextLong()));
        }
        fill(order.removeLast(), values, text, places);
        text.append(random.nextInt(3) == 0 ? '\n' : ' ');
      }
      notes.add(
          new Document(
              (test ? "test-" : "train-") + i,
              text.toString(),
              Map.of("part", test ? "test" : "train"),
              places,
              new Origin("synthetic", i + 1)));
    }
    return notes;
  }

  /** Puts a sentence behind the text, its slots filled. */
  private static void fill(
      String sentence, CorpusValues values, StringBuilder text, List<Annotation> places) {
    // A label, such as "RE:", begins a line.
    if (!text.isEmpty() && sentence.matches("[A-Za-z ]{2,20}:.*")) {
      text.setCharAt(text.length() - 1, '\n');
    }
    int at = 0;
    while (at < sentence.length()) {
      char c = sentence.charAt(at);
      int start = text.length();
      if (c == '{') {
        int end = sentence.indexOf('}', at);
        String slot = sentence.substring(at + 1, end);
        text.append(values.value(slot));
        Category category = CorpusValues.category(slot);
        if (category != null && !slot.equals("title")) {
          places.add(new Annotation(start, text.length(), category.name()));
        }
        at = end + 1;
      } else if (c == '<') {
        int end = sentence.indexOf('>', at);
        text.append(sentence, at + 1, end);
        places.add(new Annotation(start, text.length(), TRAP));
        at = end + 1;
      } else {
        text.append(c);
        at++;
      }
    }
    if (!sentence.endsWith(".") && !sentence.endsWith(" ")) {
      text.append('\n');
    }
  }

  private static List<String> lines(String resource) {
    List<String> lines = new ArrayList<>();
    try (InputStream in = DeidCorpus.class.getResourceAsStream(resource);
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          lines.add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the resource " + resource + " cannot be read", e);
    }
    return lines;
  }

  /** The words behind a heading in brackets. */
  static List<String> section(String resource, String name) {
    List<String> words = new ArrayList<>();
    boolean inside = false;
    for (String line : lines(resource)) {
      if (line.startsWith("[")) {
        inside = line.equals("[" + name + "]");
      } else if (inside) {
        words.addAll(List.of(line.split("\\s+")));
      }
    }
    return words;
  }
}
