package dev.galen.train.metrics;

import dev.galen.train.text.PythonText;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The words that TER compares: those of Tercom's normalizer, as sacrebleu runs it.
 *
 * <p>Its rules for runs of Hiragana and Katakana look for them at the very beginning of a text that
 * a space has been put before, so that they never apply; single characters of these scripts stay
 * together here too.
 */
final class TerTokenizer {
  private static final Pattern POSSESSIVE = Pattern.compile("'s ");
  private static final Pattern PUNCTUATION = Pattern.compile("[.,?:;!\"()]");

  // Ideographs, strokes and radicals, compatibility forms, and what Tercom calls enclosed letters.
  private static final List<Pattern> ALONE =
      List.of(
          Pattern.compile("([\\u4e00-\\u9fff\\u3400-\\u4dbf])"),
          Pattern.compile("([\\u31c0-\\u31ef\\u2e80-\\u2eff])"),
          Pattern.compile("([\\u3300-\\u33ff\\uf900-\\ufaff\\ufe30-\\ufe4f])"),
          Pattern.compile("([\\u3200-\\u3f22])"));

  private static final Pattern ASIAN_PUNCTUATION =
      Pattern.compile("([\\u3001\\u3002\\u3008-\\u3011\\u3014-\\u301f\\uff61-\\uff65\\u30fb])");
  private static final Pattern WIDE_PUNCTUATION =
      Pattern.compile("([\\uff0e\\uff0c\\uff1f\\uff1a\\uff1b\\uff01\\uff02\\uff08\\uff09])");

  private TerTokenizer() {}

  static List<String> words(String text, Ter.Settings settings) {
    var line = PythonText.stripTrailing(text);
    if (!settings.caseSensitive()) {
      line = line.toLowerCase(Locale.ROOT);
    }
    if (settings.normalized() && !line.isEmpty()) {
      line = normalized(line);
      if (settings.asianSupport()) {
        for (var pattern : ALONE) {
          line = pattern.matcher(line).replaceAll(" $1 ");
        }
        line = ASIAN_PUNCTUATION.matcher(line).replaceAll(" $1 ");
        line = WIDE_PUNCTUATION.matcher(line).replaceAll(" $1 ");
      }
    }
    if (settings.noPunctuation()) {
      line = PUNCTUATION.matcher(line).replaceAll("");
      if (settings.asianSupport()) {
        line = ASIAN_PUNCTUATION.matcher(line).replaceAll("");
        line = WIDE_PUNCTUATION.matcher(line).replaceAll("");
      }
    }
    return PythonText.split(line);
  }

  /** Lines joined, entities read, punctuation apart as in 13a, and the possessive s. */
  private static String normalized(String text) {
    var line =
        text.replace("\n-", "")
            .replace("\n", " ")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
            .replace("&lt;", "<")
            .replace("&gt;", ">");
    line = BleuTokenizer.SYMBOL.matcher(" " + line + " ").replaceAll(" $1 ");
    line = POSSESSIVE.matcher(line).replaceAll(" 's ");
    line = BleuTokenizer.POINT_AFTER_OTHER.matcher(line).replaceAll("$1 $2 ");
    line = BleuTokenizer.POINT_BEFORE_OTHER.matcher(line).replaceAll(" $1 $2");
    return BleuTokenizer.HYPHEN_AFTER_DIGIT.matcher(line).replaceAll("$1 $2 ");
  }
}
