package dev.galen.examples.clinical.structure.compare;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.structure.compare.Difference.Kind;
import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import dev.galen.examples.clinical.structure.scan.Phrases;
import dev.galen.examples.clinical.structure.scan.Tokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sides of the body: which part or finding is left, right or both. */
final class Sides {
  private static final int NEAR = 4;
  private static final PhraseTrie BODY = new PhraseTrie();
  private static final List<String> NAMES = new ArrayList<>();

  static {
    for (Phrases line : Phrases.of(Sides.class, "body.txt")) {
      NAMES.add(line.head().getFirst());
      for (String phrase : line.phrases()) {
        BODY.add(phrase, NAMES.size() - 1);
      }
    }
  }

  /** Left and right of a part, and where the side was first named. */
  private static final class Told {
    boolean left;
    boolean right;
    Annotation place;

    String words() {
      return left && right ? "bilateral" : left ? "left" : "right";
    }
  }

  private Sides() {}

  static List<Difference> differences(
      String left, List<Annotation> leftFindings, String right, List<Annotation> rightFindings) {
    Map<String, Told> a = told(left, leftFindings);
    Map<String, Told> b = told(right, rightFindings);
    List<Difference> differences = new ArrayList<>();
    for (Map.Entry<String, Told> entry : a.entrySet()) {
      Told one = entry.getValue();
      Told other = b.get(entry.getKey());
      if (other != null && (one.left != other.left || one.right != other.right)) {
        differences.add(
            new Difference(
                Kind.SIDE_CHANGED,
                entry.getKey(),
                one.words(),
                other.words(),
                one.place,
                other.place));
      }
    }
    return differences;
  }

  private static Map<String, Told> told(String text, List<Annotation> findings) {
    Map<String, Told> told = new LinkedHashMap<>();
    var tokens = new Tokens(text);
    for (int i = 0; i < tokens.count(); i++) {
      int side = tokens.type(i) == Tokens.WORD ? side(text, tokens, i) : 0;
      if (side == 0) {
        continue;
      }
      String part = part(text, tokens, i, findings);
      if (part != null) {
        Told one = told.computeIfAbsent(part, key -> new Told());
        one.left |= (side & 1) != 0;
        one.right |= (side & 2) != 0;
        if (one.place == null) {
          one.place = new Annotation(tokens.start(i), tokens.end(i), "side");
        }
      }
    }
    return told;
  }

  /** 1 for left, 2 for right, 3 for both, 0 for a word that is no side. */
  private static int side(String text, Tokens tokens, int i) {
    String word = text.substring(tokens.start(i), tokens.end(i));
    return switch (word) {
      case "L", "LT", "Lt" -> 1;
      case "R", "RT", "Rt" -> 2;
      default ->
          switch (word.toLowerCase(Locale.ROOT)) {
            case "left" -> 1;
            case "right" -> 2;
            case "bilateral", "bilaterally", "both" -> 3;
            default -> 0;
          };
    };
  }

  /** The part or finding that a side belongs to: the first behind it, else the last before it. */
  private static String part(String text, Tokens tokens, int i, List<Annotation> findings) {
    for (int j = i + 1; j < tokens.count() && j <= i + NEAR + 2; j++) {
      if (ends(text, tokens, j)) {
        break;
      }
      if (tokens.type(j) == Tokens.WORD) {
        if (side(text, tokens, j) != 0) {
          // "left and right knees"
          continue;
        }
        String name = at(text, tokens.start(j), findings);
        if (name != null) {
          return name;
        }
      }
    }
    for (int j = i - 1; j >= 0 && j >= i - NEAR - 2; j--) {
      if (ends(text, tokens, j)) {
        break;
      }
      if (tokens.type(j) == Tokens.WORD) {
        String name = at(text, tokens.start(j), findings);
        if (name != null) {
          return name;
        }
      }
    }
    return null;
  }

  private static boolean ends(String text, Tokens tokens, int j) {
    char c = text.charAt(tokens.start(j));
    return tokens.type(j) == Tokens.LINE || c == '.' || c == ';' || c == ':';
  }

  private static String at(String text, int place, List<Annotation> findings) {
    for (Annotation finding : findings) {
      if (finding.start() == place) {
        return finding.attributes().get("name");
      }
    }
    long match = BODY.match(text, place);
    return match == PhraseTrie.NONE ? null : NAMES.get(PhraseTrie.value(match));
  }
}
