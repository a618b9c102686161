package dev.galen.tokenizer.normalize;

import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.Rewriting;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;

/**
 * Unicode's normalization forms (UAX 15) with places: what a character is taken apart to comes from
 * it, and what several are put together to comes from the first of them.
 *
 * @param kind which form
 */
public record UnicodeForm(Kind kind) implements Normalizer {

  /** The four forms. */
  public enum Kind {
    NFC,
    NFD,
    NFKC,
    NFKD;

    boolean isCompatible() {
      return this == NFKC || this == NFKD;
    }

    boolean isComposed() {
      return this == NFC || this == NFKC;
    }
  }

  @Override
  public Text normalize(Text text) {
    var utf8 = text.utf8();
    int first = firstBeyondAscii(utf8);
    if (first == utf8.length) {
      return text;
    }
    var out = new Rewriting(text);
    // Character, and 1 if it is one more than there was in its place; combining marks in order.
    var parts = new IntList(16);
    var sink = kind.isComposed() ? new Composition(out) : null;
    int at = 0;
    while (at < utf8.length) {
      int end = at;
      while (end < utf8.length && utf8[end] >= 0) {
        end++;
      }
      // The last ASCII character may take a mark that follows.
      if (end > at + 1 || end == utf8.length) {
        if (sink != null) {
          sink.flush();
        }
        int copied = end == utf8.length ? end : end - 1;
        out.copyTo(copied);
        at = copied;
      }
      if (at == utf8.length) {
        break;
      }
      at = decompose(utf8, at, parts);
      for (int i = 0; i < parts.size(); i += 2) {
        if (sink == null) {
          put(out, parts.get(i), parts.get(i + 1));
        } else {
          sink.take(parts.get(i), parts.get(i + 1));
        }
      }
      parts.clear();
    }
    if (sink != null) {
      sink.flush();
    }
    return out.done();
  }

  private static int firstBeyondAscii(byte[] utf8) {
    int i = 0;
    while (i < utf8.length && utf8[i] >= 0) {
      i++;
    }
    return i;
  }

  /** Takes characters apart up to the next ASCII character behind the first, and sorts marks. */
  private int decompose(byte[] utf8, int at, IntList parts) {
    int sorted = 0;
    int i = at;
    while (i < utf8.length && (i == at || utf8[i] < 0)) {
      int c = Utf8.codePoint(utf8, i);
      i += Utf8.length(utf8[i]);
      int[] apart = Decomposition.of(c, kind.isCompatible());
      for (int k = 0; k < apart.length; k++) {
        if (CombiningClass.of(apart[k]) == 0) {
          sort(parts, sorted);
          sorted = parts.size() + 2;
        }
        parts.add(apart[k]);
        parts.add(k == 0 ? 0 : 1);
      }
    }
    sort(parts, sorted);
    return i;
  }

  /** Sorts the marks from one on by class; those of one class keep their order. */
  private static void sort(IntList parts, int from) {
    for (int i = from + 2; i < parts.size(); i += 2) {
      int c = parts.get(i);
      int change = parts.get(i + 1);
      int k = i;
      while (k > from && CombiningClass.of(parts.get(k - 2)) > CombiningClass.of(c)) {
        parts.set(k, parts.get(k - 2));
        parts.set(k + 1, parts.get(k - 1));
        k -= 2;
      }
      parts.set(k, c);
      parts.set(k + 1, change);
    }
  }

  /**
   * Writes a character.
   *
   * @param change 1 if it is one more than there was; 0 if it takes the next one's place; -n if it
   *     takes that of n more as well
   */
  static void put(Rewriting out, int c, int change) {
    if (change > 0) {
      out.insert(c);
    } else {
      out.replace(c);
      out.dropBehind(-change);
    }
  }
}
