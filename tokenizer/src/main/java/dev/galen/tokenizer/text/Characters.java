package dev.galen.tokenizer.text;

import java.util.BitSet;

/**
 * Kinds of characters as HuggingFace's library tells them. It has Unicode of several versions: 9
 * for marks and normalization forms, 8 for punctuation, the newest for the rest. Java has the
 * newest alone, so that what it says differently stands here; the lists were made by asking the
 * library (tokenizers 0.23.2) about every character.
 */
public final class Characters {

  private static final int SOFT_LIMIT = 0x80;

  /** Lists that ASCII does not need. */
  private static final class Lists {

    static final BitSet NEWER_NONSPACING =
        Ranges.of(
            """
            7fd 897-89f 8ca-8e1 9fe afa-aff b55 c04 c3c d00 d3b-d3c d81 eba ece 180f 1885-1886
            1abf-1ace 1df6-1dfb a82c a8c5 a8ff a9bd 10d24-10d27 10d69-10d6d 10eab-10eac
            10efc-10eff 10f46-10f50 10f82-10f85 11070 11073-11074 110c2 111c9 111cf 1123e 11241
            1133b 113bb-113c0 113ce 113d0 113d2 113e1-113e2 11438-1143f 11442-11444 11446 1145e
            1182f-11837 11839-1183a 1193b-1193c 1193e 11943 119d4-119d7 119da-119db 119e0
            11a01-11a0a 11a33-11a38 11a3b-11a3e 11a47 11a51-11a56 11a59-11a5b 11a8a-11a96
            11a98-11a99 11c30-11c36 11c38-11c3d 11c3f 11c92-11ca7 11caa-11cb0 11cb2-11cb3
            11cb5-11cb6 11d31-11d36 11d3a 11d3c-11d3d 11d3f-11d45 11d47 11d90-11d91 11d95 11d97
            11ef3-11ef4 11f00-11f01 11f36-11f3a 11f40 11f42 11f5a 13440 13447-13455 1611e-16129
            1612d-1612f 16f4f 16fe4 1cf00-1cf2d 1cf30-1cf46 1e000-1e006 1e008-1e018 1e01b-1e021
            1e023-1e024 1e026-1e02a 1e08f 1e130-1e136 1e2ae 1e2ec-1e2ef 1e4ec-1e4ef 1e5ee-1e5ef
            1e944-1e94a
            """);

    static final BitSet NEWER_MARKS =
        Ranges.of(
            """
            7fd 897-89f 8ca-8d3 9fe afa-aff b55 c04 c3c cf3 d00 d3b-d3c d81 eba ece 1715 180f
            1abf-1ace 1cf7 1df6-1dfa a82c a8ff 10d24-10d27 10d69-10d6d 10eab-10eac 10efc-10eff
            10f46-10f50 10f82-10f85 11070 11073-11074 110c2 11145-11146 111c9 111ce-111cf 11241
            1133b 113b8-113c0 113c2 113c5 113c7-113ca 113cc-113d0 113d2 113e1-113e2 1145e
            1182c-1183a 11930-11935 11937-11938 1193b-1193e 11940 11942-11943 119d1-119d7
            119da-119e0 119e4 11a01-11a0a 11a33-11a39 11a3b-11a3e 11a47 11a51-11a5b 11a8a-11a99
            11d31-11d36 11d3a 11d3c-11d3d 11d3f-11d45 11d47 11d8a-11d8e 11d90-11d91 11d93-11d97
            11ef3-11ef6 11f00-11f01 11f03 11f34-11f3a 11f3e-11f42 11f5a 13440 13447-13455
            1611e-1612f 16f4f 16f7f-16f87 16fe4 16ff0-16ff1 1cf00-1cf2d 1cf30-1cf46 1e08f
            1e130-1e136 1e2ae 1e2ec-1e2ef 1e4ec-1e4ef 1e5ee-1e5ef
            """);

    static final BitSet NEWER_PUNCTUATION =
        Ranges.of(
            """
            61d 9fd a76 c77 c84 1b4e-1b4f 1b7d-1b7f 2e43-2e4f 2e52-2e5d 10d6e 10ead 10f55-10f59
            10f86-10f89 113d4-113d5 113d7-113d8 1144b-1144f 1145a-1145b 1145d 11660-1166c 116b9
            1183b 11944-11946 119e2 11a3f-11a46 11a9a-11a9c 11a9e-11aa2 11b00-11b09 11be1
            11c41-11c45 11c70-11c71 11ef7-11ef8 11f43-11f4f 11fff 12ff1-12ff2 16d6d-16d6f
            16e97-16e9a 16fe2 1e5ff 1e95e-1e95f
            """);

    static final BitSet NEWER_DECOMPOSED =
        Ranges.of(
            """
            32ff a7f2-a7f4 ab69 105c9 105e4 10781-10785 10787-107b0 107b2-107ba 11383 11385
            1138e 11391 113c5 113c7-113c8 11938 16121-16128 16d68-16d6a 1ccd6-1ccf9 1e030-1e06d
            1f16c 1fbf0-1fbf9
            """);
  }

  private Characters() {}

  /** Unicode's White_Space, which Java's own {@code isWhitespace} is not. */
  public static boolean isWhitespace(int c) {
    if (c < SOFT_LIMIT) {
      return c == ' ' || (c >= '\t' && c <= '\r');
    }
    return c == 0x85 || Character.isSpaceChar(c);
  }

  /** Unicode's numbers of all kinds. */
  public static boolean isNumeric(int c) {
    if (c < SOFT_LIMIT) {
      return c >= '0' && c <= '9';
    }
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> (c >= 0x11DE0 && c <= 0x11DE9) || (c >= 0x16FF4 && c <= 0x16FF6);
    };
  }

  /** What BERT takes for punctuation: all of ASCII that is no letter, digit or blank, too. */
  public static boolean isPunctuation(int c) {
    if (c < SOFT_LIMIT) {
      return c > ' '
          && c < 0x7F
          && !(c >= '0' && c <= '9')
          && !(c >= 'a' && c <= 'z')
          && !(c >= 'A' && c <= 'Z');
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          !Lists.NEWER_PUNCTUATION.get(c);
      default -> c == 0x166D || c == 0x111C9;
    };
  }

  /** What BERT takes for a control character, which goes: line ends and tabs are none. */
  public static boolean isControl(int c) {
    if (c < SOFT_LIMIT) {
      return (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.PRIVATE_USE -> true;
      case Character.FORMAT ->
          c != 0x890 && c != 0x891 && c != 0x8E2 && c != 0x110CD && (c < 0x13430 || c > 0x1343F);
      default -> false;
    };
  }

  /** Chinese characters by BERT's list. */
  public static boolean isChinese(int c) {
    return c >= 0x3400
        && ((c >= 0x4E00 && c <= 0x9FFF)
            || c <= 0x4DBF
            || (c >= 0x20000 && c <= 0x2A6DF)
            || (c >= 0x2A700 && c <= 0x2B73F)
            || (c >= 0x2B740 && c <= 0x2B81F)
            || (c >= 0x2B920 && c <= 0x2CEAF)
            || (c >= 0xF900 && c <= 0xFAFF)
            || (c >= 0x2F800 && c <= 0x2FA1F));
  }

  /** A mark that takes no room of its own, in Unicode 8. */
  public static boolean isNonspacingMark(int c) {
    if (c < 0x300) {
      return false;
    }
    return Character.getType(c) == Character.NON_SPACING_MARK
        ? !Lists.NEWER_NONSPACING.get(c)
        : c == 0x1734 || c == 0x1171E;
  }

  /** A mark of any kind, in Unicode 9. */
  public static boolean isMark(int c) {
    if (c < 0x300) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
          !Lists.NEWER_MARKS.get(c);
      default -> c == 0x1CF2 || c == 0x1CF3;
    };
  }

  /** Whether a character that can be taken apart is newer than Unicode 9, and so is not. */
  public static boolean isNewerThanNormalization(int c) {
    return Lists.NEWER_DECOMPOSED.get(c);
  }

  /** The small letter of one letter; that of U+0130 is followed by U+0307. */
  public static int toLowerCase(int c) {
    if (c < SOFT_LIMIT) {
      return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }
    return switch (c) {
      case 0xA7CE -> 0xA7CF;
      case 0xA7D2 -> 0xA7D3;
      case 0xA7D4 -> 0xA7D5;
      default -> c >= 0x16EA0 && c <= 0x16EB8 ? c + 0x1B : Character.toLowerCase(c);
    };
  }

  /** Unicode's {@code \w}: letters, marks, decimal digits, connectors and joiners (UTS 18). */
  public static boolean isWord(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.CONNECTOR_PUNCTUATION ->
          true;
      default -> Character.isAlphabetic(c) || c == 0x200C || c == 0x200D;
    };
  }
}
