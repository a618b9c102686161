package dev.galen.tokenizer.normalize;

import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.Characters;
import dev.galen.tokenizer.text.Text;

/** Normalizers that look at one character at a time. */
public enum CharacterNormalizer implements Normalizer {
  /** Takes combining marks away. */
  STRIP_ACCENTS {
    @Override
    public Text normalize(Text text) {
      return Filter.remove(text, Characters::isMark);
    }
  },

  /** Takes control characters away and makes a space of what else is blank, as NMT models do. */
  NMT {
    @Override
    public Text normalize(Text text) {
      return Filter.apply(text, CharacterNormalizer::isControl, CharacterNormalizer::blank);
    }
  };

  private static boolean isControl(int c) {
    return (c >= 1 && c <= 8)
        || c == 0xB
        || (c >= 0xE && c <= 0x1F)
        || c == 0x7F
        || c == 0x8F
        || c == 0x9F;
  }

  private static int blank(int c) {
    return switch (c) {
      case '\t',
          '\n',
          '\f',
          '\r',
          0x1680,
          0x200B,
          0x200C,
          0x200D,
          0x200E,
          0x200F,
          0x2028,
          0x2029,
          0x2581,
          0xFEFF,
          0xFFFD ->
          ' ';
      default -> c;
    };
  }
}
