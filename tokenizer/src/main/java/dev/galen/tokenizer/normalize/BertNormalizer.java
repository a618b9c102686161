package dev.galen.tokenizer.normalize;

import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.Characters;
import dev.galen.tokenizer.text.Rewriting;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;

/**
 * What BERT does to a text before it is cut into words.
 *
 * @param cleansText whether control characters go and all whitespace becomes a space
 * @param separatesChinese whether every Chinese character gets a space on both sides
 * @param stripsAccents whether characters are taken apart (NFD) and non-spacing marks go
 * @param lowersCase whether letters become small
 */
public record BertNormalizer(
    boolean cleansText, boolean separatesChinese, boolean stripsAccents, boolean lowersCase)
    implements Normalizer {

  private static final UnicodeForm DECOMPOSED = new UnicodeForm(UnicodeForm.Kind.NFD);

  @Override
  public Text normalize(Text text) {
    var utf8 = text.utf8();
    for (byte b : utf8) {
      if (b < 0) {
        return normalizeAny(text);
      }
    }
    return normalizeAscii(text);
  }

  /** The same in one pass: ASCII has neither accents nor Chinese. */
  private Text normalizeAscii(Text text) {
    var utf8 = text.utf8();
    Rewriting out = null;
    for (int i = 0; i < utf8.length; i++) {
      int c = utf8[i];
      boolean removed = cleansText && Characters.isControl(c);
      int becomes = ascii(c);
      if (removed || becomes != c) {
        if (out == null) {
          out = new Rewriting(text);
        }
        out.copyTo(i);
        if (removed) {
          out.skip();
        } else {
          out.replace(becomes);
        }
      }
    }
    if (out == null) {
      return text;
    }
    out.copyTo(utf8.length);
    return out.done();
  }

  private int ascii(int c) {
    if (cleansText && Characters.isWhitespace(c)) {
      return ' ';
    }
    return lowersCase && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }

  private Text normalizeAny(Text text) {
    if (cleansText || separatesChinese) {
      text = clean(text);
    }
    if (stripsAccents) {
      text = Filter.remove(DECOMPOSED.normalize(text), Characters::isNonspacingMark);
    }
    return lowersCase ? new Lowercase().normalize(text) : text;
  }

  private Text clean(Text text) {
    var utf8 = text.utf8();
    var out = new Rewriting(text);
    for (int i = 0; i < utf8.length; i += Utf8.length(utf8[i])) {
      int c = Utf8.codePoint(utf8, i);
      if (cleansText && (c == 0 || c == 0xFFFD || Characters.isControl(c))) {
        out.skip();
      } else if (cleansText && Characters.isWhitespace(c)) {
        out.replace(' ');
      } else if (separatesChinese && Characters.isChinese(c)) {
        out.replace(' ');
        out.insert(c);
        out.insert(' ');
      } else {
        out.replace(c);
      }
    }
    return out.done();
  }
}
