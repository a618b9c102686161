package dev.galen.tokenizer.split;

import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;

/**
 * The cut of LLaMA 3 and of Qwen2: the matches of
 *
 * <pre>{@code
 * (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*
 *     |\s*[\r\n]+|\s+(?!\S)|\s+
 * }</pre>
 *
 * by hand, as {@link WordBoundaries} finds GPT-2's.
 *
 * @param digits how many characters a number has at most: 3 in LLaMA 3, 1 in Qwen2
 */
public record NumberedWords(int digits) implements PreTokenizer {

  private static final String START =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}";

  private static final String END =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** The expression of Qwen2. */
  public static final String SINGLE_DIGITS = START + END;

  /** A small s that is written long, which is the same letter as another s. */
  private static final int LONG_S = 0x17F;

  /** The cut that an expression describes, or null if it describes another one. */
  public static NumberedWords ofRegex(String regex) {
    if (regex.equals(SINGLE_DIGITS)) {
      return new NumberedWords(1);
    }
    return regex.equals(START + "{1,3}" + END) ? new NumberedWords(3) : null;
  }

  @Override
  public void split(Text text, int start, int end, Words words) {
    byte[] utf8 = text.utf8();
    int word = start;
    while (word < end) {
      int wordEnd = wordEnd(utf8, word, end);
      words.add(text, word, wordEnd);
      word = wordEnd;
    }
  }

  private int wordEnd(byte[] utf8, int start, int end) {
    byte first = utf8[start];
    if (first == '\'') {
      int contraction = contractionEnd(utf8, start, end);
      if (contraction > 0) {
        return contraction;
      }
    }
    byte kind = WordBoundaries.kind(utf8, start);
    if (kind == WordBoundaries.LETTER) {
      return WordBoundaries.runEnd(utf8, start, end, WordBoundaries.LETTER);
    }
    if (kind == WordBoundaries.NUMBER) {
      return numberEnd(utf8, start, end);
    }
    int next = start + Utf8.length(first);
    byte nextKind = next < end ? WordBoundaries.kind(utf8, next) : WordBoundaries.SPACE;
    if (nextKind == WordBoundaries.LETTER && first != '\r' && first != '\n') {
      return WordBoundaries.runEnd(utf8, next, end, WordBoundaries.LETTER);
    }
    if (kind == WordBoundaries.OTHER) {
      return signsEnd(utf8, start, end);
    }
    if (first == ' ' && nextKind == WordBoundaries.OTHER) {
      return signsEnd(utf8, next, end);
    }
    return whitespaceEnd(utf8, start, end);
  }

  private static int contractionEnd(byte[] utf8, int start, int end) {
    int i = start + 1;
    if (i >= end) {
      return 0;
    }
    if (Utf8.codePoint(utf8, i) == LONG_S) {
      return i + 2;
    }
    int a = utf8[i] | 0x20;
    if (a == 's' || a == 't' || a == 'm' || a == 'd') {
      return i + 1;
    }
    if (i + 1 >= end) {
      return 0;
    }
    int b = utf8[i + 1] | 0x20;
    return ((a == 'r' || a == 'v') && b == 'e') || (a == 'l' && b == 'l') ? i + 2 : 0;
  }

  private int numberEnd(byte[] utf8, int start, int end) {
    int i = start;
    for (int count = 0; count < digits && i < end; count++) {
      if (WordBoundaries.kind(utf8, i) != WordBoundaries.NUMBER) {
        break;
      }
      i += Utf8.length(utf8[i]);
    }
    return i;
  }

  private static int signsEnd(byte[] utf8, int start, int end) {
    int i = WordBoundaries.runEnd(utf8, start, end, WordBoundaries.OTHER);
    while (i < end && (utf8[i] == '\r' || utf8[i] == '\n')) {
      i++;
    }
    return i;
  }

  /** Up to the last line end of a run of whitespace if it has one, else as GPT-2 has it. */
  private static int whitespaceEnd(byte[] utf8, int start, int end) {
    int runEnd = WordBoundaries.runEnd(utf8, start, end, WordBoundaries.SPACE);
    for (int i = runEnd - 1; i >= start; i--) {
      if (utf8[i] == '\r' || utf8[i] == '\n') {
        return i + 1;
      }
    }
    return WordBoundaries.whitespaceEnd(utf8, start, end);
  }
}
