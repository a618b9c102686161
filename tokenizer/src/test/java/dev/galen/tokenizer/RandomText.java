package dev.galen.tokenizer;

import java.util.Random;

/** Seeded random texts that are rich in what tokenizers get wrong. */
public final class RandomText {

  private static final String APOSTROPHES = "'stmdrevlSTLL";

  /** White_Space and what looks like it: U+200B, U+180E, U+FEFF, the separators of ASCII. */
  private static final int[] SPACES = {
    '\t', '\n', 0xB, '\f', '\r', 0x1C, 0x1F, 0x85, 0xA0, 0x1680, 0x180E, 0x2003, 0x200B, 0x2028,
    0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF
  };

  private static final int[] DIGITS = {'0', 0x660, 0x966, 0xE50, 0xFF10, 0x1D7CE, 0x2160, 0xB9};

  private final Random random;

  public RandomText(long seed) {
    random = new Random(seed);
  }

  /** Up to 20 characters, each possibly in a run. */
  public String next() {
    var text = new StringBuilder();
    for (int n = 1 + random.nextInt(20); n > 0; n--) {
      int c = codePoint();
      for (int run = random.nextInt(8) == 0 ? 1 + random.nextInt(30) : 1; run > 0; run--) {
        text.appendCodePoint(c);
      }
    }
    return text.toString();
  }

  private int codePoint() {
    return switch (random.nextInt(12)) {
      case 0 -> random.nextInt(0x80);
      case 1 -> ' ';
      case 2 -> APOSTROPHES.charAt(random.nextInt(APOSTROPHES.length()));
      case 3 -> random.nextInt(0x800);
      case 4 -> anyOf(0, 0x10000);
      case 5 -> anyOf(0, 0x110000);
      case 6 -> anyOf(0xAC00, 11_172); // Korean syllables
      case 7 -> anyOf(0x1F300, 0x400); // emoji
      case 8 -> SPACES[random.nextInt(SPACES.length)];
      case 9 -> anyOf('a', 26);
      case 10 -> DIGITS[random.nextInt(DIGITS.length)] + random.nextInt(4);
      default -> anyOf(0x300, 0x70); // combining marks
    };
  }

  /** A code point of a range that is no surrogate. */
  private int anyOf(int first, int count) {
    int c = first + random.nextInt(count);
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFC : c;
  }
}
