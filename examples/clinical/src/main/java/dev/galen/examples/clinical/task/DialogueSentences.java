package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.text.Sentences;
import dev.galen.examples.clinical.text.TextRange;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The sentences of a dialogue, without who says them. */
final class DialogueSentences {
  /** {@code Doctor:}, {@code Guest_family_1:}, {@code [patient]} at the beginning of a line. */
  private static final Pattern SPEAKER =
      Pattern.compile("^\\s*(?:\\[[\\w .]{1,30}\\]|[A-Z][\\w .]{0,30}:)\\s*");

  private DialogueSentences() {}

  /** From its beginning to its end. */
  static List<String> of(String dialogue) {
    var sentences = new ArrayList<String>();
    for (String line : dialogue.split("\\R")) {
      String said = SPEAKER.matcher(line).replaceFirst("");
      for (TextRange range : Sentences.of(said)) {
        sentences.add(range.in(said));
      }
    }
    return sentences;
  }
}
