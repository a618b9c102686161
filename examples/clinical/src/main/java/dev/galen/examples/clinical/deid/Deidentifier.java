package dev.galen.examples.clinical.deid;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.Edits;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Replaces the identifiers in the text of documents and in their fields. What is known about other
 * places of the text moves along.
 *
 * <p>The patient is the first field whose name says so ({@code patient}, {@code subject_id}), or
 * else the document by itself. That field becomes a pseudonym that follows from the secret; a field
 * whose name says that it is an identifier, such as {@code mrn} or {@code phone}, is replaced
 * whole, and other fields are looked through like the text. The title of a name stays: {@code Mr.
 * [NAME]}.
 */
public final class Deidentifier implements DocumentStep {
  /** Days by which dates move at most, in either direction. */
  private static final int DAYS = 365;

  /** The year of dates without one in a text that names no year; leap, so that it has every day. */
  private static final int NO_YEAR = 2000;

  private final Replacing by;
  private final Secret secret;
  private final Surrogates surrogates;
  private final Finder finder;

  /**
   * A step of settings.
   *
   * @param by what is put in the place of an identifier
   * @param secret the key that surrogates, shifts and pseudonyms follow from
   */
  public Deidentifier(Replacing by, Secret secret) {
    this(by, secret, IdentifierFinder::find);
  }

  /** The same with another finder, such as an {@link IdentifierTagger}. */
  public Deidentifier(Replacing by, Secret secret, Finder finder) {
    this.by = by;
    this.secret = secret;
    this.surrogates = new Surrogates(secret);
    this.finder = finder;
  }

  /** Replaces by tags, such as {@code [NAME]}, with a key that is gone with the run. */
  public static Deidentifier tags() {
    return new Deidentifier(Replacing.TAGS, Secret.random());
  }

  /** All that the output depends on: what a run that goes on has to have in common. */
  public String settings() {
    return "deidentify " + by + " " + secret.stamp();
  }

  @Override
  public void apply(Document document, Consumer<Document> out) {
    List<Identifier> found = finder.find(document.text());
    var of = new Of(patient(document), order(document.text(), found));
    Document done = edits(document.text(), found, of).applyTo(document);
    var fields = new LinkedHashMap<String, String>();
    for (Map.Entry<String, String> field : document.fields().entrySet()) {
      fields.put(field.getKey(), field(field.getKey(), field.getValue(), of));
    }
    String id = document.id();
    if (isPatient(id, document)) {
      id = pseudonym(id);
    }
    out.accept(new Document(id, done.text(), fields, done.annotations(), document.origin()));
  }

  /** Whose document it is, and which of two numbers of its dates is the day. */
  private record Of(String patient, DateOrder order) {}

  private DateOrder order(String text, List<Identifier> found) {
    if (by == Replacing.TAGS) {
      return DateOrder.DEFAULT;
    }
    List<String> dates = new ArrayList<>();
    for (Identifier one : found) {
      if (one.category() == Category.DATE) {
        dates.add(text.substring(one.start(), one.end()));
      }
    }
    return DateOrder.of(dates);
  }

  private static String patient(Document document) {
    for (Map.Entry<String, String> field : document.fields().entrySet()) {
      if (FieldNames.isPatient(field.getKey())) {
        return field.getValue();
      }
    }
    return document.id();
  }

  private static boolean isPatient(String id, Document document) {
    for (Map.Entry<String, String> field : document.fields().entrySet()) {
      if (FieldNames.isPatient(field.getKey()) && id.equals(field.getValue())) {
        return true;
      }
    }
    return false;
  }

  private String pseudonym(String patient) {
    return "P" + HexFormat.of().formatHex(secret.digest("pseudonym", patient), 0, 8);
  }

  private String field(String name, String value, Of of) {
    if (FieldNames.isPatient(name)) {
      return pseudonym(value);
    }
    Category category = FieldNames.category(name);
    if (category == Category.DATE) {
      return date(value, of);
    }
    if (category != null) {
      return replacement(
          new Identifier(0, Math.max(1, value.length()), category, "field", 1), value, of, NO_YEAR);
    }
    return replaced(value, of);
  }

  /** A date of any form: what no rule takes for one goes as a whole, unless it is words. */
  private String date(String value, Of of) {
    String moved =
        by == Replacing.TAGS
            ? null
            : ShiftedDates.shift(value.strip(), days(of.patient()), NO_YEAR, of.order());
    if (moved != null) {
      return moved;
    }
    boolean isHidden = finder.find(value).isEmpty() && value.chars().anyMatch(Character::isDigit);
    return isHidden ? Category.DATE.tag() : replaced(value, of);
  }

  private String replaced(String value, Of of) {
    return edits(value, finder.find(value), of).result();
  }

  private Edits edits(String text, List<Identifier> found, Of of) {
    var edits = new Edits(text);
    int year = by == Replacing.TAGS ? NO_YEAR : year(text, found);
    for (Identifier one : found) {
      int start = one.category() == Category.NAME ? behindTitle(text, one) : one.start();
      edits.replace(start, one.end(), replacement(one, text.substring(start, one.end()), of, year));
    }
    return edits;
  }

  /** Where the name begins behind its title. */
  private static int behindTitle(String text, Identifier name) {
    int at = name.start();
    while (at < name.end() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    if (!Words.briefTitle(text.substring(name.start(), at).toLowerCase(Locale.ROOT))) {
      return name.start();
    }
    while (at < name.end() && !Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    return at < name.end() ? at : name.start();
  }

  /** The first year that a date of the text has. */
  private static int year(String text, List<Identifier> found) {
    for (Identifier one : found) {
      int year =
          one.category() == Category.DATE
              ? ShiftedDates.year(text.substring(one.start(), one.end()))
              : -1;
      if (year > 0) {
        return year;
      }
    }
    return NO_YEAR;
  }

  private String replacement(Identifier one, String value, Of of, int year) {
    if (one.category() == Category.DATE && by != Replacing.TAGS) {
      String moved = ShiftedDates.shift(value, days(of.patient()), year, of.order());
      return moved == null ? one.category().tag() : moved;
    }
    if (by == Replacing.SURROGATES && !value.isEmpty()) {
      return surrogates.of(one.category(), value, of.patient());
    }
    String three = one.category() == Category.ZIP ? Surrogates.zip3(value) : null;
    return three == null ? one.category().tag() : "[ZIP " + three + "]";
  }

  /** The days by which a patient's dates move; never none. */
  private int days(String patient) {
    int days = secret.number("days", patient, 2 * DAYS) - DAYS;
    return days >= 0 ? days + 1 : days;
  }

  /** The identifiers of a text as annotations, with the rule and its confidence. */
  public static List<Annotation> annotations(String text) {
    return annotations(text, IdentifierFinder::find);
  }

  /** The same of another finder. */
  public static List<Annotation> annotations(String text, Finder finder) {
    List<Annotation> all = new ArrayList<>();
    for (Identifier one : finder.find(text)) {
      var more = new LinkedHashMap<String, String>();
      more.put("rule", one.rule());
      more.put("confidence", String.valueOf(one.confidence()));
      all.add(new Annotation(one.start(), one.end(), one.category().name(), more));
    }
    return all;
  }
}
