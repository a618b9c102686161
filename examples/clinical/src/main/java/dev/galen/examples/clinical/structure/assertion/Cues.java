package dev.galen.examples.clinical.structure.assertion;

import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import dev.galen.examples.clinical.structure.scan.Phrases;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The cues of {@code cues.txt}, and the members of a family. */
final class Cues {
  enum Direction {
    BEFORE,
    AFTER,
    PSEUDO,
    END,
    AFFIRM,
    PATIENT
  }

  enum Kind {
    ABSENT,
    UNCERTAIN,
    HISTORICAL,
    HYPOTHETICAL,
    FAMILY,
    OTHER,
    NONE
  }

  /** A cue of the list. */
  private record Entry(Direction direction, Kind kind) {}

  /** A cue at a place of a text; a phrase may work in both directions. */
  record Cue(int start, int end, Direction direction, Kind kind) {}

  private static final String[] FAMILY = {
    "mother",
    "father",
    "brother",
    "sister",
    "brothers",
    "sisters",
    "son",
    "daughter",
    "sons",
    "daughters",
    "aunt",
    "uncle",
    "grandmother",
    "grandfather",
    "grandparents",
    "grandparent",
    "parents",
    "parent",
    "sibling",
    "siblings",
    "cousin",
    "cousins",
    "mom",
    "dad",
    "aunts",
    "uncles",
    "niece",
    "nephew",
    "maternal grandmother",
    "maternal grandfather",
    "paternal grandmother",
    "paternal grandfather",
    "maternal aunt",
    "maternal uncle",
    "paternal aunt",
    "paternal uncle",
    "half brother",
    "half sister",
    "wife",
    "husband"
  };

  private static final String[] TELLING = {
    "reports",
    "reported",
    "states",
    "stated",
    "says",
    "said",
    "notes",
    "noted",
    "noticed",
    "brought",
    "called",
    "endorses",
    "describes",
    "is concerned",
    "is worried",
    "confirms",
    "is at bedside",
    "at bedside",
    "gave",
    "thinks",
    "observed"
  };

  private static final PhraseTrie BEFORE = new PhraseTrie();
  private static final PhraseTrie AFTER = new PhraseTrie();
  private static final List<Entry> ENTRIES = new ArrayList<>();

  static {
    for (Phrases line : Phrases.of(Cues.class, "cues.txt")) {
      var direction = Direction.valueOf(line.head().get(0).toUpperCase(Locale.ROOT));
      var kind = Kind.valueOf(line.head().get(1).toUpperCase(Locale.ROOT));
      ENTRIES.add(new Entry(direction, kind));
      for (String phrase : line.phrases()) {
        (direction == Direction.AFTER ? AFTER : BEFORE).add(phrase, ENTRIES.size() - 1);
      }
    }
    ENTRIES.add(new Entry(Direction.BEFORE, Kind.FAMILY));
    ENTRIES.add(new Entry(Direction.AFTER, Kind.FAMILY));
    ENTRIES.add(new Entry(Direction.BEFORE, Kind.ABSENT));
    ENTRIES.add(new Entry(Direction.PSEUDO, Kind.NONE));
    int last = ENTRIES.size() - 1;
    for (String member : FAMILY) {
      BEFORE.add(member, last - 3);
      // Relatives who tell of the patient.
      BEFORE.add(member + " denies", last - 1);
      BEFORE.add(member + " denied", last - 1);
      for (String tells : TELLING) {
        BEFORE.add(member + " " + tells, last);
      }
      for (String before : new String[] {"in his ", "in her ", "in ", "in the ", "in a ", "("}) {
        AFTER.add(before + member, last - 2);
      }
    }
  }

  private Cues() {}

  /** Adds the cues that begin at {@code at}, and gives the end of the longest, or {@code at}. */
  static int add(String text, int at, List<Cue> cues) {
    int end = at;
    long before = BEFORE.match(text, at);
    if (before != PhraseTrie.NONE) {
      end = PhraseTrie.end(before);
      Entry entry = ENTRIES.get(PhraseTrie.value(before));
      cues.add(new Cue(at, end, entry.direction(), entry.kind()));
    }
    long after = AFTER.match(text, at);
    if (after != PhraseTrie.NONE) {
      // Of two that begin together the longer one counts; the same phrase may work both ways.
      int afterEnd = PhraseTrie.end(after);
      if (afterEnd >= end && closes(text, at, afterEnd)) {
        if (afterEnd > end && end > at) {
          cues.removeLast();
        }
        Entry entry = ENTRIES.get(PhraseTrie.value(after));
        cues.add(new Cue(at, afterEnd, entry.direction(), entry.kind()));
        end = afterEnd;
      }
    }
    return end;
  }

  /** ": no" is an answer only where nothing follows: "Fever: no." and not "Chest: no rales". */
  private static boolean closes(String text, int at, int end) {
    if (text.charAt(at) != ':' && text.charAt(at) != '-') {
      return true;
    }
    int next = end;
    while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
      next++;
    }
    return next == text.length() || ",.;)\n".indexOf(text.charAt(next)) >= 0;
  }
}
