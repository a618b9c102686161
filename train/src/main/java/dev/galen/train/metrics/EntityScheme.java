package dev.galen.train.metrics;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How entities are written as a tag for each word, and what counts as one; the rules are seqeval's.
 *
 * <p>A tag is a prefix, a hyphen and the entity's type ({@code B-drug}), or O outside. {@link
 * #LENIENT} takes every run of one type for an entity, however it begins, as the script of CoNLL
 * 2000 does; the others count only what is written exactly by their rules.
 */
public enum EntityScheme {
  /** Any prefixes; a run of one type is an entity. */
  LENIENT("", "", "", ""),

  /** B begins, I goes on (Ramshaw and Marcus, 1995, as CoNLL 2002 has it). */
  IOB2("BI", "B", "I", "BI"),

  /** E ends, I before it. */
  IOE2("IE", "IE", "IE", "E"),

  /** B begins, I goes on, E ends, S is a single word. */
  IOBES("BIES", "BS", "IE", "ES"),

  /** The same with L for E and U for S. */
  BILOU("BILU", "BU", "IL", "LU");

  private final String prefixes;
  private final String first;
  private final String further;
  private final String last;

  EntityScheme(String prefixes, String first, String further, String last) {
    this.prefixes = prefixes;
    this.first = first;
    this.further = further;
    this.last = last;
  }

  /**
   * An entity.
   *
   * @param type such as {@code drug}; {@code _} for a tag without a type
   * @param from its first word
   * @param to the word behind its last
   */
  public record Entity(String type, int from, int to) {}

  private record Tag(char prefix, String type) {
    static final Tag OUTSIDE = new Tag('O', "_");

    boolean isOutside() {
      return prefix == 'O' || prefix == '.';
    }
  }

  /** The scheme of that name; {@code IOB} and {@code BIO} mean IOB2, {@code BIOES} IOBES. */
  public static EntityScheme named(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "IOB2", "IOB", "BIO", "BIO2" -> IOB2;
      case "IOE2", "IOE" -> IOE2;
      case "IOBES", "BIOES" -> IOBES;
      case "BILOU", "BIOUL" -> BILOU;
      default ->
          throw new IllegalArgumentException(
              "there is no scheme \"" + name + "\"; there are IOB2, IOE2, IOBES and BILOU");
    };
  }

  /** The strict scheme that has all prefixes of these tags, the simplest one. */
  public static EntityScheme detected(List<List<String>> sentences) {
    for (var scheme : List.of(IOB2, IOE2, IOBES, BILOU)) {
      boolean fits =
          sentences.stream()
              .flatMap(List::stream)
              .map(tag -> tag.isEmpty() ? ' ' : tag.charAt(0))
              .allMatch(prefix -> prefix == 'O' || scheme.prefixes.indexOf(prefix) >= 0);
      if (fits) {
        return scheme;
      }
    }
    throw new IllegalArgumentException(
        "the tags' prefixes are those of no scheme; there are IOB2, IOE2, IOBES and BILOU");
  }

  /** The entities of a sentence, in their order. */
  public Set<Entity> entities(List<String> tags) {
    var parsed = new ArrayList<Tag>();
    for (var tag : tags) {
      parsed.add(parse(tag));
    }
    parsed.add(Tag.OUTSIDE);
    return this == LENIENT ? runs(parsed) : exact(parsed);
  }

  private Tag parse(String tag) {
    if (tag.isEmpty()) {
      throw new IllegalArgumentException("a tag is empty; outside of entities it is O");
    }
    char prefix = tag.charAt(0);
    if (this != LENIENT && prefix != 'O' && prefixes.indexOf(prefix) < 0) {
      throw new IllegalArgumentException(
          "the tag \"%s\" is none of %s, whose prefixes are O and %s"
              .formatted(tag, this, prefixes));
    }
    int hyphen = tag.indexOf('-', 1);
    var type = tag.substring(hyphen < 0 ? 1 : hyphen + 1);
    return new Tag(prefix, type.isEmpty() ? "_" : type);
  }

  private static Set<Entity> runs(List<Tag> tags) {
    var entities = new LinkedHashSet<Entity>();
    var before = Tag.OUTSIDE;
    int from = 0;
    for (int i = 0; i < tags.size(); i++) {
      var tag = tags.get(i);
      if (ends(before, tag)) {
        entities.add(new Entity(before.type, from, i));
      }
      if (starts(before, tag)) {
        from = i;
      }
      before = tag;
    }
    return entities;
  }

  private static boolean ends(Tag before, Tag tag) {
    return switch (before.prefix) {
      case 'E', 'S' -> true;
      case 'B', 'I' -> "BSO".indexOf(tag.prefix) >= 0 || !before.type.equals(tag.type);
      default -> !before.isOutside() && !before.type.equals(tag.type);
    };
  }

  private static boolean starts(Tag before, Tag tag) {
    return switch (tag.prefix) {
      case 'B', 'S' -> true;
      case 'E', 'I' -> "ESO".indexOf(before.prefix) >= 0 || !before.type.equals(tag.type);
      default -> !tag.isOutside() && !before.type.equals(tag.type);
    };
  }

  private Set<Entity> exact(List<Tag> tags) {
    var entities = new LinkedHashSet<Entity>();
    for (int i = 0; i < tags.size(); i++) {
      var tag = tags.get(i);
      var before = i == 0 ? Tag.OUTSIDE : tags.get(i - 1);
      // With ends alone marked, a word behind an entity or outside begins one.
      boolean begins = this != IOE2 || before.prefix == 'O' || before.prefix == 'E';
      if (first.indexOf(tag.prefix) < 0 || !begins) {
        continue;
      }
      int to = i + 1;
      while (goesOn(tags.get(to - 1), tags.get(to))) {
        to++;
      }
      if (closes(tags.get(to - 1), tags.get(to))) {
        entities.add(new Entity(tag.type, i, to));
      }
      i = to - 1;
    }
    return entities;
  }

  private boolean goesOn(Tag before, Tag tag) {
    boolean open = this == IOB2 || last.indexOf(before.prefix) < 0;
    return open
        && before.prefix != 'O'
        && further.indexOf(tag.prefix) >= 0
        && before.type.equals(tag.type);
  }

  private boolean closes(Tag before, Tag tag) {
    return last.indexOf(before.prefix) >= 0 && !(this == IOB2 && goesOn(before, tag));
  }
}
