package dev.galen.tokenizer.normalize;

import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.CharsMap;
import dev.galen.tokenizer.text.Rewriting;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * SentencePiece's map of characters as HuggingFace's library applies it: to what a reader takes for
 * one character (UAX 29) if that has less than six bytes, of which a start that is replaced stands
 * for all; else to each character of its own. SentencePiece itself does it otherwise.
 *
 * @param map the map
 */
public record Precompiled(CharsMap map) implements Normalizer {

  /** A longer cluster is taken character by character. */
  private static final int LONGEST = 5;

  private static final Pattern CLUSTER = Pattern.compile("\\X");

  @Override
  public Text normalize(Text text) {
    byte[] utf8 = text.utf8();
    var out = new Rewriting(text);
    boolean changed = false;
    for (int i = 0; i < utf8.length; ) {
      int end = stretchEnd(utf8, i);
      if (end == i + 1) {
        changed |= replaceOrKeep(utf8, i, end, out);
      } else {
        var stretch = new String(utf8, i, end - i, StandardCharsets.UTF_8);
        var clusters = CLUSTER.matcher(stretch);
        int at = i;
        while (clusters.find()) {
          int next = at + clusters.group().getBytes(StandardCharsets.UTF_8).length;
          changed |= cluster(utf8, at, next, out);
          at = next;
        }
      }
      i = end;
    }
    return changed ? out.done() : text;
  }

  /** Where a stretch ends across which clusters may reach: between two ASCII characters none do. */
  private static int stretchEnd(byte[] utf8, int start) {
    int i = start + 1;
    while (i < utf8.length) {
      boolean line = utf8[i - 1] == '\r' && utf8[i] == '\n';
      if (utf8[i] >= 0 && utf8[i - 1] >= 0 && !line) {
        return i;
      }
      i++;
    }
    return i;
  }

  private boolean cluster(byte[] utf8, int start, int end, Rewriting out) {
    if (end - start <= LONGEST) {
      long found = map.shortest(utf8, start, end);
      if (found != CharsMap.NONE) {
        replace(utf8, start, end, CharsMap.replacement(found), out);
        return true;
      }
    }
    boolean changed = false;
    for (int i = start; i < end; i += Utf8.length(utf8[i])) {
      changed |= replaceOrKeep(utf8, i, i + Utf8.length(utf8[i]), out);
    }
    return changed;
  }

  private boolean replaceOrKeep(byte[] utf8, int start, int end, Rewriting out) {
    long found = map.shortest(utf8, start, end);
    if (found == CharsMap.NONE) {
      out.replace(Utf8.codePoint(utf8, start));
      return false;
    }
    replace(utf8, start, end, CharsMap.replacement(found), out);
    return true;
  }

  private void replace(byte[] utf8, int start, int end, int replacement, Rewriting out) {
    byte[] with = map.replacements();
    int stop = map.replacementEnd(replacement);
    int removed = count(utf8, start, end);
    for (int i = replacement; i < stop; i += Utf8.length(with[i])) {
      int c = Utf8.codePoint(with, i);
      if (removed > 0) {
        out.replace(c);
        removed--;
      } else {
        out.insert(c);
      }
    }
    out.dropBehind(removed);
  }

  private static int count(byte[] utf8, int start, int end) {
    int count = 0;
    for (int i = start; i < end; i += Utf8.length(utf8[i])) {
      count++;
    }
    return count;
  }
}
