package dev.galen.tokenizer.normalize;

import dev.galen.tokenizer.text.Rewriting;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Takes characters out of a text, or puts one in place of another. */
final class Filter {

  private Filter() {}

  /** The text without some characters. */
  static Text remove(Text text, IntPredicate removed) {
    return apply(text, removed, c -> c);
  }

  /**
   * The text without some characters and with others in place of the rest.
   *
   * @param removed which go
   * @param becomes what each other character becomes
   */
  static Text apply(Text text, IntPredicate removed, IntUnaryOperator becomes) {
    var utf8 = text.utf8();
    var out = new Rewriting(text);
    for (int i = 0; i < utf8.length; i += Utf8.length(utf8[i])) {
      int c = Utf8.codePoint(utf8, i);
      if (removed.test(c)) {
        out.skip();
      } else {
        out.replace(becomes.applyAsInt(c));
      }
    }
    return out.done();
  }
}
