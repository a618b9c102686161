package dev.galen.examples.clinical.deid;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * A text as words, numbers and single signs, with what each is known as. Words keep an apostrophe
 * between letters only as in O'Brien; hyphens and the apostrophe of {@code Smith's} are signs.
 */
final class Tokens {
  private static final int SIGN = 0;
  private static final int WORD = 1;
  private static final int NUMBER = 2;

  /** Letters and digits in one, such as {@code L4} or {@code 3rd}. */
  private static final int MIXED = 3;

  final String text;
  int[] starts;
  int[] ends;
  private byte[] kinds;
  private int[] flags;
  private String[] lowers;
  int count;

  /** Whether the text has no upper-case letter where it has letters. */
  final boolean lowerCase;

  Tokens(String text) {
    this.text = text;
    int capacity = 16 + text.length() / 4;
    starts = new int[capacity];
    ends = new int[capacity];
    kinds = new byte[capacity];
    boolean upper = false;
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      int width = Character.charCount(c);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        at += width;
        continue;
      }
      int end = at + width;
      int kind = SIGN;
      if (Character.isLetterOrDigit(c)) {
        boolean letters = Character.isLetter(c);
        boolean digits = !letters;
        upper |= Character.isUpperCase(c);
        while (end < text.length()) {
          int next = text.codePointAt(end);
          boolean letter = Character.isLetter(next);
          boolean mark = letter || Character.getType(next) == Character.NON_SPACING_MARK;
          boolean digit = !letter && Character.isDigit(next);
          if (!mark && !digit && !(quote(next) && prefix(at, end))) {
            break;
          }
          letters |= letter;
          digits |= digit;
          upper |= letter && Character.isUpperCase(next);
          end += Character.charCount(next);
        }
        kind = letters && digits ? MIXED : letters ? WORD : NUMBER;
      }
      add(at, end, kind);
      at = end;
    }
    flags = new int[count];
    lowers = new String[count];
    lowerCase = !upper;
    for (int i = 0; i < count; i++) {
      if (kinds[i] == WORD) {
        lowers[i] = lower(text.substring(starts[i], ends[i]));
        flags[i] = Lexicon.get().of(lowers[i]);
        if (flags[i] == 0) {
          flags[i] = Lexicon.get().of(plain(lowers[i]));
        }
      }
    }
  }

  private static boolean quote(int c) {
    return c == '\'' || c == '’' || c == '`';
  }

  /** Whether an apostrophe at {@code end} belongs to the word, as in O'Brien and D'Angelo. */
  private boolean prefix(int start, int end) {
    return end - start == 1
        && "ODLNodln".indexOf(text.charAt(start)) >= 0
        && end + 2 < text.length()
        && Character.isUpperCase(text.charAt(end + 1)) == Character.isUpperCase(text.charAt(start))
        && Character.isLetter(text.charAt(end + 1))
        && Character.isLetter(text.charAt(end + 2));
  }

  private void add(int start, int end, int kind) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
      kinds = Arrays.copyOf(kinds, 2 * count);
    }
    starts[count] = start;
    ends[count] = end;
    kinds[count++] = (byte) kind;
  }

  private static String lower(String word) {
    return word.replace('’', '\'').toLowerCase(Locale.ROOT);
  }

  /** A word without the marks of its letters; itself if it has none. */
  static String plain(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (word.charAt(i) >= 128) {
        String bare = Normalizer.normalize(word, Normalizer.Form.NFD).replaceAll("\\p{M}+", "");
        return bare.replace('ø', 'o').replace('ł', 'l').replace("æ", "ae").replace("ß", "ss");
      }
    }
    return word;
  }

  /** The first token that begins at a character or behind it. */
  int at(int start) {
    int found = Arrays.binarySearch(starts, 0, count, start);
    return found < 0 ? -found - 1 : found;
  }

  boolean word(int i) {
    return i >= 0 && i < count && kinds[i] == WORD;
  }

  boolean number(int i) {
    return i >= 0 && i < count && kinds[i] == NUMBER;
  }

  /** A number, or letters with digits. */
  boolean hasDigit(int i) {
    return i >= 0 && i < count && kinds[i] >= NUMBER;
  }

  /** The word in lower case; empty for what is none. */
  String lower(int i) {
    return word(i) ? lowers[i] : "";
  }

  String raw(int i) {
    return text.substring(starts[i], ends[i]);
  }

  int length(int i) {
    return ends[i] - starts[i];
  }

  boolean is(int i, int flag) {
    return i >= 0 && i < count && (flags[i] & flag) != 0;
  }

  /** Whether the token is this one sign. */
  boolean sign(int i, char c) {
    return i >= 0 && i < count && kinds[i] == SIGN && text.charAt(starts[i]) == c;
  }

  /** Whether the token is an apostrophe of either form. */
  boolean apostrophe(int i) {
    return i >= 0 && i < count && kinds[i] == SIGN && quote(text.charAt(starts[i]));
  }

  /** Whether the word begins with an upper-case letter. */
  boolean capital(int i) {
    return word(i) && Character.isUpperCase(text.codePointAt(starts[i]));
  }

  /** Whether all letters are upper case, and there are several. */
  boolean upper(int i) {
    if (!word(i) || length(i) < 2) {
      return false;
    }
    for (int at = starts[i]; at < ends[i]; at++) {
      if (Character.isLowerCase(text.charAt(at))) {
        return false;
      }
    }
    return true;
  }

  /** A single capital letter. */
  boolean initial(int i) {
    return word(i) && length(i) == 1 && capital(i);
  }

  /** Whether a letter is none of a to z. */
  boolean foreign(int i) {
    for (int at = starts[i]; at < ends[i]; at++) {
      if (text.charAt(at) >= 192) {
        return true;
      }
    }
    return false;
  }

  /** Whether nothing stands between the two tokens. */
  boolean joined(int i, int next) {
    return i >= 0 && next < count && ends[i] == starts[next];
  }

  /** Whether the token is on the same line as the one before it. */
  boolean sameLine(int i) {
    if (i <= 0 || i >= count) {
      return false;
    }
    for (int at = ends[i - 1]; at < starts[i]; at++) {
      char c = text.charAt(at);
      if (c == '\n' || c == '\r') {
        return false;
      }
    }
    return true;
  }

  /** Whether a sentence or line begins with the token, so that its capital says nothing. */
  boolean begins(int i) {
    if (i <= 0 || !sameLine(i)) {
      return true;
    }
    int before = i - 1;
    while (before > 0 && kinds[before] == SIGN && "\"'“”‘’([*-•>".indexOf(raw(before)) >= 0) {
      if (!sameLine(before)) {
        return true;
      }
      before--;
    }
    if (kinds[before] != SIGN) {
      return false;
    }
    char c = text.charAt(starts[before]);
    if (c == '.') {
      // The dot of "Dr." or of an initial ends no sentence.
      return !(word(before - 1)
          && joined(before - 1, before)
          && (initial(before - 1) || Words.abbreviation(lower(before - 1))));
    }
    return c == '!' || c == '?' || c == ':' || c == ';' || before == 0;
  }
}
