package dev.galen.examples.clinical.augment;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.Edits;
import dev.galen.examples.clinical.text.TextRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Sentences of a document said in other words. A span within such a sentence moves to where the new
 * one has the span's text, if it has it once, and goes away otherwise; a span that begins and ends
 * at the bounds of sentences keeps them.
 */
final class Rewriting {
  private final Document document;
  private final List<TextRange> places = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();

  Rewriting(Document document) {
    this.document = document;
  }

  /** Says what stands at a place, behind the last one, in other words. */
  void add(TextRange place, String text) {
    places.add(place);
    texts.add(text);
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  Document document() {
    var edits = new Edits(document.text());
    for (int i = 0; i < places.size(); i++) {
      edits.replace(places.get(i).start(), places.get(i).end(), texts.get(i));
    }
    List<Annotation> moved = new ArrayList<>();
    for (Annotation annotation : document.annotations()) {
      int inside = sentenceOf(annotation);
      int start = edits.newStart(annotation.start());
      int end = edits.newEnd(annotation.end());
      if (inside >= 0) {
        String text = texts.get(inside);
        String span = annotation.in(document.text());
        int at = text.indexOf(span);
        if (span.isEmpty() || at < 0 || text.indexOf(span, at + 1) >= 0) {
          continue;
        }
        start = edits.newStart(places.get(inside).start()) + at;
        end = start + span.length();
      } else if (isCut(annotation.start()) || isCut(annotation.end())) {
        continue;
      }
      moved.add(annotation.at(start, end));
    }
    return document.withText(edits.result(), moved);
  }

  /** The rewritten sentence within which a span lies and which it does not fill; else -1. */
  private int sentenceOf(Annotation annotation) {
    for (int i = 0; i < places.size(); i++) {
      TextRange place = places.get(i);
      boolean inside = annotation.start() >= place.start() && annotation.end() <= place.end();
      boolean whole = annotation.start() == place.start() && annotation.end() == place.end();
      if (inside && !whole) {
        return i;
      }
    }
    return -1;
  }

  private boolean isCut(int at) {
    for (TextRange place : places) {
      if (at > place.start() && at < place.end()) {
        return true;
      }
    }
    return false;
  }
}
