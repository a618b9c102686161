package dev.galen.train.metrics;

import dev.galen.train.text.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How sacrebleu makes words of a text before it counts them, by the names that its signature has
 * (Post, "A Call for Clarity in Reporting BLEU Scores", WMT 2018). Each takes a line; white space
 * at its end does not count.
 */
public enum BleuTokenizer {
  /** White space alone separates: for text that is tokenized already. */
  NONE("none"),

  /**
   * The rules of the NIST script mteval-v13a, the default: symbols of ASCII stand alone, full stops
   * and commas too unless between digits, hyphens after a digit; four entities of XML are read.
   */
  V13A("13a"),

  /**
   * The rules of mteval-v14 for any script: symbols stand alone, and so does punctuation that has
   * no number on at least one side. As there, a full stop after a number at the end stays with it.
   */
  INTL("intl"),

  /** Every code point that is no white space is a word. */
  CHAR("char"),

  /** Chinese characters and full-width forms stand alone, the rest as {@link #V13A}. */
  ZH("zh");

  // ASCII punctuation without apostrophe, comma, hyphen and full stop stands alone.
  static final Pattern SYMBOL = Pattern.compile("([!-&(-+/:-@\\[-`{-~])");
  static final Pattern POINT_AFTER_OTHER = Pattern.compile("([^0-9])([.,])");
  static final Pattern POINT_BEFORE_OTHER = Pattern.compile("([.,])([^0-9])");
  static final Pattern HYPHEN_AFTER_DIGIT = Pattern.compile("([0-9])(-)");
  private static final Pattern PUNCTUATION_AFTER_OTHER = Pattern.compile("(\\P{N})(\\p{P})");
  private static final Pattern PUNCTUATION_BEFORE_OTHER = Pattern.compile("(\\p{P})(\\P{N})");
  private static final Pattern ANY_SYMBOL = Pattern.compile("(\\p{S})");

  // First and last code points of the ranges that sacrebleu takes for Chinese. U+2001 to U+2A6D and
  // U+2F81 to U+2FA1 are what its two ranges of five hexadecimal digits amount to in Python, which
  // reads four of them: dashes, arrows and the euro sign stand alone, extension B does not.
  private static final int[] CHINESE = {
    0x3400, 0x4db5, 0x4e00, 0x9fa5, 0x9fa6, 0x9fbb, 0xf900, 0xfa2d, 0xfa30, 0xfa6a, 0xfa70, 0xfad9,
    0x2001, 0x2a6d, 0x2f81, 0x2fa1, 0xff00, 0xffef, 0x2e80, 0x2eff, 0x3000, 0x303f, 0x31c0, 0x31ef,
    0x2f00, 0x2fdf, 0x2ff0, 0x2fff, 0x3100, 0x312f, 0x31a0, 0x31bf, 0xfe10, 0xfe1f, 0xfe30, 0xfe4f,
    0x2600, 0x26ff, 0x2700, 0x27bf, 0x3200, 0x32ff, 0x3300, 0x33ff
  };

  private final String label;

  BleuTokenizer(String label) {
    this.label = label;
  }

  /** The name in sacrebleu's signature, such as {@code 13a}. */
  public String label() {
    return label;
  }

  /** The tokenizer of that name. */
  public static BleuTokenizer named(String label) {
    for (var tokenizer : values()) {
      if (tokenizer.label.equals(label.toLowerCase(Locale.ROOT))) {
        return tokenizer;
      }
    }
    throw new IllegalArgumentException(
        "there is no tokenizer \"" + label + "\"; there are 13a, none, char, intl and zh");
  }

  /** The words of a text. */
  public List<String> words(String text) {
    var line = PythonText.stripTrailing(text);
    return switch (this) {
      case NONE -> PythonText.split(line);
      case V13A -> PythonText.split(western(" " + entities(line) + " "));
      case INTL -> PythonText.split(international(line));
      case CHAR -> characters(line);
      case ZH -> PythonText.split(western(chinese(PythonText.strip(line))));
    };
  }

  private static String entities(String line) {
    return line.replace("<skipped>", "")
        .replace("-\n", "")
        .replace("\n", " ")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
  }

  /** The rules for punctuation of 13a, of which a text's neighbours are part: 13a puts spaces. */
  static String western(String text) {
    var line = SYMBOL.matcher(text).replaceAll(" $1 ");
    line = POINT_AFTER_OTHER.matcher(line).replaceAll("$1 $2 ");
    line = POINT_BEFORE_OTHER.matcher(line).replaceAll(" $1 $2");
    return HYPHEN_AFTER_DIGIT.matcher(line).replaceAll("$1 $2 ");
  }

  private static String international(String text) {
    var line = PUNCTUATION_AFTER_OTHER.matcher(text).replaceAll("$1 $2 ");
    line = PUNCTUATION_BEFORE_OTHER.matcher(line).replaceAll(" $1 $2");
    return ANY_SYMBOL.matcher(line).replaceAll(" $1 ");
  }

  private static List<String> characters(String line) {
    var words = new ArrayList<String>();
    line.codePoints()
        .filter(c -> !PythonText.isSpace(c))
        .forEach(c -> words.add(Character.toString(c)));
    return words;
  }

  private static String chinese(String line) {
    var apart = new StringBuilder();
    line.codePoints()
        .forEach(
            c -> {
              if (isChinese(c)) {
                apart.append(' ').appendCodePoint(c).append(' ');
              } else {
                apart.appendCodePoint(c);
              }
            });
    return apart.toString();
  }

  private static boolean isChinese(int c) {
    for (int i = 0; i < CHINESE.length; i += 2) {
      if (c >= CHINESE[i] && c <= CHINESE[i + 1]) {
        return true;
      }
    }
    return false;
  }
}
