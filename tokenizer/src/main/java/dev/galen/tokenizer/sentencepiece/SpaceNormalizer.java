package dev.galen.tokenizer.sentencepiece;

import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.ByteTrie;
import dev.galen.tokenizer.text.CharsMap;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;
import java.util.Arrays;

/**
 * What SentencePiece does to a text: the longest start that its map has is replaced, from place to
 * place; spaces are counted, and become U+2581. A byte comes from the character that it was made
 * of, up to where the next byte comes from.
 */
final class SpaceNormalizer implements Normalizer {

  private static final byte[] SPACE = {(byte) 0xE2, (byte) 0x96, (byte) 0x81};
  private static final byte[] BLANK = {' '};

  private final ModelFile.Normalization settings;
  private final boolean spaceIsSuffix;
  private final ByteTrie userDefined;
  private final byte[] space;

  SpaceNormalizer(ModelFile model) {
    this.settings = model.normalization();
    this.spaceIsSuffix = model.training().spaceIsSuffix();
    this.userDefined = model.userDefined();
    this.space = settings.escapesSpaces() ? SPACE : BLANK;
  }

  @Override
  public Text normalize(Text text) {
    return new Run(text).normalize();
  }

  /** The length of the longest user-defined piece that the text has at a place, or 0. */
  static int userDefined(ByteTrie pieces, byte[] utf8, int start, int end) {
    int longest = 0;
    int node = ByteTrie.ROOT;
    for (int i = start; i < end; ) {
      node = pieces.step(node, utf8[i++]);
      if (node == ByteTrie.NONE) {
        break;
      }
      if (pieces.value(node) >= 0) {
        longest = i - start;
      }
    }
    return longest;
  }

  /** One text on its way. */
  private final class Run {

    private final Text text;
    private final byte[] utf8;

    private byte[] bytes;
    private int size;

    /** The byte of the text that each byte comes from. */
    private final IntList origins;

    /** What the next place of the text becomes: part of an array of bytes. */
    private byte[] with;

    private int withStart;
    private int withEnd;

    Run(Text text) {
      this.text = text;
      this.utf8 = text.utf8();
      this.bytes = new byte[2 * utf8.length + 16];
      this.origins = new IntList(bytes.length);
    }

    Text normalize() {
      int at = 0;
      if (settings.removesExtraSpaces()) {
        while (at < utf8.length) {
          int taken = next(at);
          if (withEnd - withStart != 1 || with[withStart] != ' ') {
            break;
          }
          at += taken;
        }
      }
      if (at == utf8.length) {
        return text.slice(0, 0);
      }
      if (!spaceIsSuffix && settings.addsDummyPrefix()) {
        addSpace(at);
      }
      boolean afterSpace = settings.removesExtraSpaces();
      while (at < utf8.length) {
        int taken = next(at);
        while (afterSpace && withStart < withEnd && with[withStart] == ' ') {
          withStart++;
        }
        if (withStart < withEnd) {
          add(at);
          afterSpace = with[withEnd - 1] == ' ';
        }
        afterSpace &= settings.removesExtraSpaces();
        at += taken;
      }
      return finish(at);
    }

    private Text finish(int consumed) {
      int end = consumed;
      if (settings.removesExtraSpaces()) {
        while (endsWithSpace()) {
          size -= space.length;
          end = origins.get(size);
        }
      }
      if (spaceIsSuffix && settings.addsDummyPrefix()) {
        origins.truncate(size);
        addSpace(end);
      }
      return places(end);
    }

    private boolean endsWithSpace() {
      return size >= space.length
          && Arrays.equals(bytes, size - space.length, size, space, 0, space.length);
    }

    private Text places(int end) {
      var utf8 = Arrays.copyOf(bytes, size);
      if (!text.isAligned()) {
        return Text.of(utf8, null, null);
      }
      var starts = new int[size];
      var ends = new int[size];
      for (int i = 0; i < size; i++) {
        starts[i] = character(origins.get(i));
        ends[i] = character(i + 1 < size ? origins.get(i + 1) : end);
      }
      return Text.of(utf8, starts, ends);
    }

    private int character(int at) {
      return at < this.utf8.length ? text.start(at) : text.end(this.utf8.length - 1);
    }

    /** Finds what becomes of the text at a place, and says how many bytes of it that takes. */
    private int next(int at) {
      int known = userDefined(userDefined, utf8, at, utf8.length);
      if (known == 0 && settings.map() != null) {
        long found = settings.map().longest(utf8, at, utf8.length);
        if (found != CharsMap.NONE) {
          with = settings.map().replacements();
          withStart = CharsMap.replacement(found);
          withEnd = settings.map().replacementEnd(withStart);
          return CharsMap.length(found);
        }
      }
      with = utf8;
      withStart = at;
      withEnd = at + (known > 0 ? known : Utf8.length(utf8[at]));
      return withEnd - at;
    }

    private void add(int origin) {
      for (int i = withStart; i < withEnd; i++) {
        if (with[i] == ' ') {
          addSpace(origin);
        } else {
          add(with[i], origin);
        }
      }
    }

    private void addSpace(int origin) {
      for (byte b : space) {
        add(b, origin);
      }
    }

    private void add(byte b, int origin) {
      if (size == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * size);
      }
      bytes[size++] = b;
      origins.add(origin);
    }
  }
}
