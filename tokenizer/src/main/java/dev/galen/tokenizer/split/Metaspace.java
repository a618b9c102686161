package dev.galen.tokenizer.split;

import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.text.Rewriting;
import dev.galen.tokenizer.text.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes a visible character of every space, and cuts the text in front of each. */
public final class Metaspace implements PreTokenizer {

  /** Where a space is put in front that the text lacks. */
  public enum Prepend {
    /** Where the text begins. */
    FIRST,
    NEVER,
    /** At the start of every stretch between added tokens. */
    ALWAYS
  }

  private final byte[] space;
  private final int character;
  private final Prepend prepend;
  private final boolean splits;

  /**
   * A cut.
   *
   * @param character what becomes of a space
   * @param splits whether to cut at all
   */
  public Metaspace(int character, Prepend prepend, boolean splits) {
    this.space = Character.toString(character).getBytes(StandardCharsets.UTF_8);
    this.character = character;
    this.prepend = prepend;
    this.splits = splits;
  }

  @Override
  public boolean needsPlaces() {
    return prepend == Prepend.FIRST;
  }

  @Override
  public void split(Text text, int start, int end, Words words) {
    var spaced = replace(text, start, end);
    if (!isSpace(spaced.utf8(), 0)
        && (prepend == Prepend.ALWAYS || (prepend == Prepend.FIRST && text.start(start) == 0))) {
      spaced = spaced.withBefore(space, 0, spaced.length());
    }
    int word = 0;
    if (splits) {
      byte[] utf8 = spaced.utf8();
      for (int i = 1; i < utf8.length; i++) {
        if (utf8[i] == space[0] && isSpace(utf8, i)) {
          words.add(spaced, word, i);
          word = i;
        }
      }
    }
    words.add(spaced, word, spaced.length());
  }

  private Text replace(Text text, int start, int end) {
    var part = start == 0 && end == text.length() ? text : text.slice(start, end);
    var out = new Rewriting(part);
    byte[] utf8 = part.utf8();
    for (int i = 0; i < utf8.length; i++) {
      if (utf8[i] == ' ') {
        out.copyTo(i);
        out.replace(character);
      }
    }
    out.copyTo(utf8.length);
    return out.done();
  }

  private boolean isSpace(byte[] utf8, int at) {
    return at + space.length <= utf8.length
        && Arrays.equals(utf8, at, at + space.length, space, 0, space.length);
  }
}
