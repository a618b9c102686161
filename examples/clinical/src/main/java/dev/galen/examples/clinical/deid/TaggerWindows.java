package dev.galen.examples.clinical.deid;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.tokenizer.Encoding;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.data.TokenSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text as the tagger reads it: windows of {@value #LENGTH} tokens, each of which has {@value
 * #OVERLAP} tokens of the one before, so that every character is looked at and none stands only at
 * an edge. Class 0 is no identifier, class k + 1 the category k.
 */
final class TaggerWindows {
  static final int LENGTH = 128;
  static final int OVERLAP = 32;

  private TaggerWindows() {}

  /**
   * Some tokens of a text between [CLS] and [SEP].
   *
   * @param ids those two included
   * @param starts where each token starts in the text; that of the two means nothing
   * @param ends where each ends; 0 for the two
   */
  @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
  record Window(int[] ids, int[] starts, int[] ends) {
    int size() {
      return ids.length;
    }

    /** Whether it is [CLS] or [SEP]. */
    boolean special(int i) {
      return i == 0 || i == ids.length - 1;
    }
  }

  /** The windows of a text; not those of HuggingFace's library, which lose the middle of some. */
  static List<Window> of(String text, Tokenizer tokenizer) {
    Encoding whole = tokenizer.encode(text, SpecialTokens.TEXT, false);
    int[] before = tokenizer.idsBefore();
    int[] after = tokenizer.idsAfter();
    int room = LENGTH - 2;
    var windows = new ArrayList<Window>();
    for (int from = 0; from == 0 || from + OVERLAP < whole.size(); from += room - OVERLAP) {
      int count = Math.min(room, whole.size() - from);
      var ids = new int[count + 2];
      var starts = new int[count + 2];
      var ends = new int[count + 2];
      ids[0] = before[0];
      ids[count + 1] = after[0];
      System.arraycopy(whole.ids(), from, ids, 1, count);
      System.arraycopy(whole.starts(), from, starts, 1, count);
      System.arraycopy(whole.ends(), from, ends, 1, count);
      windows.add(new Window(ids, starts, ends));
    }
    return windows;
  }

  /** The names of the classes. */
  static List<String> classes() {
    var names = new ArrayList<String>();
    names.add("O");
    for (Category category : Category.values()) {
      names.add(category.name());
    }
    return names;
  }

  /** A document's windows with the classes of its annotations; traps are no identifiers. */
  static List<TokenSequence> learned(
      String text, List<Annotation> annotations, Tokenizer tokenizer) {
    var sequences = new ArrayList<TokenSequence>();
    for (Window window : of(text, tokenizer)) {
      var labels = new int[window.size()];
      for (int i = 0; i < labels.length; i++) {
        labels[i] =
            window.special(i)
                ? TokenSequence.IGNORE_INDEX
                : label(window.starts()[i], window.ends()[i], annotations);
      }
      if (Arrays.stream(labels).anyMatch(label -> label != TokenSequence.IGNORE_INDEX)) {
        sequences.add(new TokenSequence(window.ids(), labels));
      }
    }
    return sequences;
  }

  private static int label(int start, int end, List<Annotation> annotations) {
    for (Annotation one : annotations) {
      if (one.start() < end && start < one.end() && !one.category().equals(DeidCorpus.TRAP)) {
        return Category.valueOf(one.category()).ordinal() + 1;
      }
    }
    return 0;
  }
}
