package dev.galen.tokenizer.normalize;

import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.text.Rewriting;

/** Puts characters together again that were taken apart (UAX 15, section 1.3). */
final class Composition {

  private final Rewriting out;

  /** Marks that did not go into the base, each with its change. */
  private final IntList marks = new IntList(8);

  private int base = -1;
  private int baseChange;

  /** The class of the last mark that is kept; -1 if there is none. */
  private int lastClass = -1;

  Composition(Rewriting out) {
    this.out = out;
  }

  /** Takes the next character, with its change as {@link UnicodeForm#put} has it. */
  void take(int c, int change) {
    int combining = CombiningClass.of(c);
    if (base < 0) {
      if (combining != 0) {
        UnicodeForm.put(out, c, change);
      } else {
        base = c;
        baseChange = change;
      }
      return;
    }
    if (lastClass < combining || lastClass < 0) {
      int composed = Decomposition.compose(base, c);
      if (composed >= 0) {
        base = composed;
        baseChange += change - 1;
        return;
      }
    }
    if (combining == 0) {
      flush();
      base = c;
      baseChange = change;
    } else {
      marks.add(c);
      marks.add(change);
      lastClass = combining;
    }
  }

  /** Writes what is held back. */
  void flush() {
    if (base >= 0) {
      UnicodeForm.put(out, base, baseChange);
      base = -1;
    }
    for (int i = 0; i < marks.size(); i += 2) {
      UnicodeForm.put(out, marks.get(i), marks.get(i + 1));
    }
    marks.clear();
    lastClass = -1;
  }
}
