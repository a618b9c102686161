package dev.galen.examples.clinical.clean;

/** What may be to clean in a text, by one look at each character: most texts need nothing. */
final class Needs {
  static final int MOJIBAKE = 1;
  static final int CONTROLS = 2;
  static final int ENTITIES = 4;
  static final int MARKUP = 8;
  static final int COMPOSITION = 16;
  static final int HYPHENS = 32;
  static final int SPACES = 64;

  private Needs() {}

  static int of(String text) {
    int needs = 0;
    int length = text.length();
    char last = '\n'; // a space at the beginning is one behind a line's end
    int lines = 2;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c > '<' && c < 0x7F) {
        last = c;
        lines = 0;
        continue;
      }
      switch (c) {
        case ' ', '\t' -> {
          needs |= last == ' ' || last == '\t' ? SPACES : 0;
          c = ' ';
        }
        case '\n' -> {
          needs |= last == ' ' || ++lines > 2 ? SPACES : 0;
          needs |= endsInHyphen(text, i) ? HYPHENS : 0;
        }
        case '&' -> needs |= ENTITIES;
        case '<' -> needs |= MARKUP;
        default -> {
          if (c < ' ' || c >= 0x7F) {
            needs |= ofOther(c);
          }
        }
      }
      lines = c == '\n' || c == ' ' ? lines : 0;
      last = c;
    }
    boolean edges = length > 0 && (isEdge(text.charAt(0)) || isEdge(text.charAt(length - 1)));
    return edges ? needs | SPACES : needs;
  }

  private static boolean isEdge(char c) {
    return c == ' ' || c == '\n' || c == '\t';
  }

  private static boolean endsInHyphen(String text, int lineEnd) {
    int at = lineEnd - 1;
    while (at >= 0 && text.charAt(at) == ' ') {
      at--;
    }
    return at >= 0 && (text.charAt(at) == '-' || text.charAt(at) == '\u2010');
  }

  private static int ofOther(char c) {
    if (c < 0xA0) {
      return CONTROLS;
    }
    if (c < 0x300) {
      int needs = c >= 0xC2 && c <= 0xF4 ? MOJIBAKE : 0;
      needs |= c == 0xA0 ? SPACES : 0;
      return c == 0xAD ? needs | HYPHENS : needs;
    }
    int needs = COMPOSITION;
    needs |= Controls.isUnwanted(c) || Character.isSurrogate(c) ? CONTROLS : 0;
    needs |= c == '\u2010' ? HYPHENS : 0;
    return Spaces.isOdd(c) ? needs | SPACES : needs;
  }
}
