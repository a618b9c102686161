package dev.galen.examples.clinical.structure.term;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.Edits;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes preferred terms in the place of their synonyms, with a log by which the text comes back.
 *
 * <p>Findings with {@code preferred} become that name, and abbreviations with one {@code meaning}
 * that meaning, each with a capital first letter where the original word has one and is no
 * abbreviation. The log is an annotation {@code normalised} on each place of the new text: {@code
 * original}, {@code preferred}, {@code doid} where there is one, and {@code from} and {@code to},
 * the place in the original in code points.
 */
public final class Normaliser {
  /** The category of the annotations of the log. */
  public static final String CATEGORY = "normalised";

  private Normaliser() {}

  /** The document with preferred terms; its other annotations move along. */
  public static Document normalise(Document document) {
    String text = document.text();
    List<Annotation> places = new ArrayList<>();
    for (Annotation annotation : document.annotations()) {
      if (replacement(annotation) != null) {
        places.add(annotation);
      }
    }
    places.sort(
        Comparator.comparingInt(Annotation::start)
            .thenComparing(Comparator.comparingInt(Annotation::end).reversed()));
    var edits = new Edits(text);
    List<Annotation> kept = new ArrayList<>();
    List<String> words = new ArrayList<>();
    int last = 0;
    for (Annotation place : places) {
      if (place.start() < last) {
        continue;
      }
      String word = cased(replacement(place), place.in(text));
      if (!word.equals(place.in(text))) {
        edits.replace(place.start(), place.end(), word);
        kept.add(place);
        words.add(word);
      }
      last = place.end();
    }
    Document changed = edits.applyTo(document);
    List<Annotation> annotations = new ArrayList<>(changed.annotations());
    for (int i = 0; i < kept.size(); i++) {
      Annotation place = kept.get(i);
      Map<String, String> log = new LinkedHashMap<>();
      log.put("original", place.in(text));
      log.put("preferred", words.get(i));
      if (place.attributes().containsKey("doid")) {
        log.put("doid", place.attributes().get("doid"));
      }
      log.put("from", Integer.toString(text.codePointCount(0, place.start())));
      log.put("to", Integer.toString(text.codePointCount(0, place.end())));
      annotations.add(
          new Annotation(edits.newStart(place.start()), edits.newEnd(place.end()), CATEGORY, log));
    }
    return changed.withAnnotations(annotations);
  }

  /**
   * The document as it was before {@link #normalise}.
   *
   * @throws RejectedException if the text no longer has what the log says
   */
  public static Document restore(Document document) throws RejectedException {
    List<Annotation> log = new ArrayList<>();
    List<Annotation> others = new ArrayList<>();
    for (Annotation annotation : document.annotations()) {
      (annotation.category().equals(CATEGORY) ? log : others).add(annotation);
    }
    log.sort(Comparator.comparingInt(Annotation::start));
    var edits = new Edits(document.text());
    for (Annotation entry : log) {
      String original = entry.attributes().get("original");
      if (original == null
          || !entry.in(document.text()).equals(entry.attributes().get("preferred"))) {
        throw new RejectedException(
            "the text at a span of category normalised is not what its log says");
      }
      edits.replace(entry.start(), entry.end(), original);
    }
    return edits.applyTo(document.withAnnotations(others));
  }

  private static String replacement(Annotation annotation) {
    return switch (annotation.category()) {
      case Findings.CATEGORY -> annotation.attributes().get("preferred");
      case Abbreviations.CATEGORY -> annotation.attributes().get("meaning");
      default -> null;
    };
  }

  private static String cased(String word, String original) {
    boolean capital =
        original.length() > 1
            && Character.isUpperCase(original.charAt(0))
            && Character.isLowerCase(original.charAt(1));
    if (word.equalsIgnoreCase(original)) {
      return original;
    }
    return capital ? Character.toUpperCase(word.charAt(0)) + word.substring(1) : word;
  }
}
