package dev.galen.examples.clinical.trust;

import dev.galen.examples.clinical.document.Annotation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Two annotators' work on the same texts: how far they agree, where they do not, and what is left
 * when a third has decided.
 *
 * @param kappa of the labels of texts, or of the categories of words
 * @param unit what kappa counts: {@code text} or {@code word}
 * @param categories of spans, each with how often both marked the same place so; empty of labels
 * @param disagreements in the order of the first file
 * @param both how many texts both files have
 * @param firstOnly ids that the first file alone has
 * @param secondOnly ids that the second file alone has
 * @param texts of the first file that both have, in order, for the result
 */
public record AnnotationReview(
    Kappa kappa,
    String unit,
    List<CategoryAgreement> categories,
    List<Disagreement> disagreements,
    int both,
    List<String> firstOnly,
    List<String> secondOnly,
    List<Agreed> texts) {
  /** What a word or place has that an annotator left alone. */
  public static final String NONE = "none";

  private static final Pattern WORD =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}]+|[^\\s\\p{L}\\p{M}\\p{N}]");

  /**
   * How often both annotators marked the same place by a category.
   *
   * @param category the category
   * @param first spans of the first annotator
   * @param second spans of the second
   * @param same spans of both with equal bounds
   */
  public record CategoryAgreement(String category, int first, int second, int same) {
    /** 2 same / (first + second), which is F1 whichever of the two is taken for the truth. */
    public double f1() {
      return 2.0 * same / (first + second);
    }
  }

  /**
   * Where they differ.
   *
   * @param id of the text
   * @param start of the place, a Java index; -1 for a label of the whole text
   * @param end of the place
   * @param text the text, or null if the files have none
   * @param first the first annotator's label or category, {@link #NONE} for none
   * @param second the second's
   */
  public record Disagreement(
      String id, int start, int end, String text, String first, String second) {}

  /**
   * A text with what both agree on.
   *
   * @param id of the text
   * @param text the text, or null
   * @param label the label that both gave; null if they differ, or spans were annotated
   * @param spans that both marked
   */
  public record Agreed(String id, String text, String label, List<Annotation> spans) {
    /** Copies the list. */
    public Agreed {
      spans = List.copyOf(spans);
    }
  }

  /**
   * Compares two files.
   *
   * @param label the field of the label; null to compare spans
   * @throws IOException if a file cannot be used, or they have no text in common
   */
  public static AnnotationReview of(Path first, Path second, String label) throws IOException {
    var a = AnnotationFile.read(first, label);
    var b = AnnotationFile.read(second, label);
    var shared = a.keySet().stream().filter(b::containsKey).toList();
    if (shared.isEmpty()) {
      throw new IOException("%s and %s: have no id in common".formatted(first, second));
    }
    var firstOnly = a.keySet().stream().filter(id -> !b.containsKey(id)).toList();
    var secondOnly = b.keySet().stream().filter(id -> !a.containsKey(id)).toList();
    return label == null
        ? ofSpans(shared, a, b, firstOnly, secondOnly)
        : ofLabels(shared, a, b, firstOnly, secondOnly);
  }

  private static AnnotationReview ofLabels(
      List<String> shared,
      SequencedMap<String, Annotated> a,
      SequencedMap<String, Annotated> b,
      List<String> firstOnly,
      List<String> secondOnly) {
    var disagreements = new ArrayList<Disagreement>();
    var texts = new ArrayList<Agreed>();
    for (String id : shared) {
      String one = a.get(id).label();
      String other = b.get(id).label();
      String text = a.get(id).text() == null ? b.get(id).text() : a.get(id).text();
      boolean same = one.equals(other);
      if (!same) {
        disagreements.add(new Disagreement(id, -1, -1, text, one, other));
      }
      texts.add(new Agreed(id, text, same ? one : null, List.of()));
    }
    Kappa kappa =
        Kappa.of(
            shared.stream().map(id -> a.get(id).label()).toList(),
            shared.stream().map(id -> b.get(id).label()).toList());
    return new AnnotationReview(
        kappa, "text", List.of(), disagreements, shared.size(), firstOnly, secondOnly, texts);
  }

  private static AnnotationReview ofSpans(
      List<String> shared,
      SequencedMap<String, Annotated> a,
      SequencedMap<String, Annotated> b,
      List<String> firstOnly,
      List<String> secondOnly)
      throws IOException {
    var disagreements = new ArrayList<Disagreement>();
    var texts = new ArrayList<Agreed>();
    var counts = new TreeMap<String, int[]>();
    var one = new ArrayList<String>();
    var other = new ArrayList<String>();
    for (String id : shared) {
      String text = a.get(id).text();
      if (!text.equals(b.get(id).text())) {
        throw new IOException(
            "the text with the id \"%s\" differs in both files; offsets would mean other places"
                .formatted(id));
      }
      var agreed = new ArrayList<Annotation>();
      compare(a.get(id), b.get(id), counts, agreed, disagreements);
      texts.add(new Agreed(id, text, null, agreed));
      for (MatchResult word : WORD.matcher(text).results().toList()) {
        one.add(category(a.get(id).spans(), word));
        other.add(category(b.get(id).spans(), word));
      }
    }
    if (one.isEmpty()) {
      throw new IOException("the texts that both files have are without words");
    }
    var categories = new ArrayList<CategoryAgreement>();
    counts.forEach((name, n) -> categories.add(new CategoryAgreement(name, n[0], n[1], n[2])));
    return new AnnotationReview(
        Kappa.of(one, other),
        "word",
        categories,
        disagreements,
        shared.size(),
        firstOnly,
        secondOnly,
        texts);
  }

  /** Spans of equal bounds are one place; each annotator has one category there. */
  private static void compare(
      Annotated a,
      Annotated b,
      TreeMap<String, int[]> counts,
      List<Annotation> agreed,
      List<Disagreement> disagreements) {
    var places = new TreeMap<List<Integer>, String[]>(AnnotationReview::order);
    a.spans().forEach(s -> places.computeIfAbsent(place(s), p -> new String[2])[0] = s.category());
    b.spans().forEach(s -> places.computeIfAbsent(place(s), p -> new String[2])[1] = s.category());
    places.forEach(
        (place, said) -> {
          for (int i = 0; i < 2; i++) {
            if (said[i] != null) {
              counts.computeIfAbsent(said[i], c -> new int[3])[i]++;
            }
          }
          if (Objects.equals(said[0], said[1])) {
            counts.get(said[0])[2]++;
            agreed.add(new Annotation(place.get(0), place.get(1), said[0]));
          } else {
            disagreements.add(
                new Disagreement(
                    a.id(), place.get(0), place.get(1), a.text(), word(said[0]), word(said[1])));
          }
        });
  }

  private static int order(List<Integer> a, List<Integer> b) {
    int byStart = Integer.compare(a.get(0), b.get(0));
    return byStart != 0 ? byStart : Integer.compare(a.get(1), b.get(1));
  }

  private static List<Integer> place(Annotation span) {
    return List.of(span.start(), span.end());
  }

  private static String word(String category) {
    return category == null ? NONE : category;
  }

  /** That of the shortest span around a word: pages and sections lie around all others. */
  private static String category(List<Annotation> spans, MatchResult word) {
    Annotation shortest = null;
    for (Annotation span : spans) {
      boolean around = span.start() < word.end() && word.start() < span.end();
      if (around && (shortest == null || length(span) < length(shortest))) {
        shortest = span;
      }
    }
    return shortest == null ? NONE : shortest.category();
  }

  private static int length(Annotation span) {
    return span.end() - span.start();
  }

  /** How often each pair of labels stands for one thing, the most frequent first. */
  public SequencedMap<String, Integer> confusions() {
    var counts = new TreeMap<String, Integer>();
    disagreements.forEach(d -> counts.merge(d.first() + " / " + d.second(), 1, Integer::sum));
    var sorted = new LinkedHashMap<String, Integer>();
    counts.entrySet().stream()
        .sorted((x, y) -> y.getValue() - x.getValue())
        .forEach(e -> sorted.put(e.getKey(), e.getValue()));
    return sorted;
  }
}
