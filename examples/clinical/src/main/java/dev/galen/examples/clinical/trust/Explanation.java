package dev.galen.examples.clinical.trust;

import dev.galen.examples.clinical.report.MarkedText;
import dev.galen.examples.clinical.report.Numbers;
import dev.galen.examples.clinical.report.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Why a model gives a text an output.
 *
 * @param text the text
 * @param method how it was found out, in words
 * @param output the output that is explained, such as {@code the class yes}
 * @param baseline what tokens are compared with, in words
 * @param tokens the tokens of the text, in order
 * @param attribution with a weight for each of the tokens
 * @param left tokens that the model did not see, because the text is too long
 */
public record Explanation(
    String text,
    String method,
    String output,
    String baseline,
    List<Token> tokens,
    Attribution attribution,
    int left) {
  /**
   * A token of the text.
   *
   * @param text what it stands for
   * @param start where it begins in the text
   * @param end where it ends
   */
  public record Token(String text, int start, int end) {}

  /** Copies the list. */
  public Explanation {
    tokens = List.copyOf(tokens);
  }

  /** What was done and how far it can be believed, in sentences. */
  public String words() {
    var words = new StringBuilder();
    words.append(
        "%s of the logit of %s, %s, where the baseline, %s at each token, has %s."
            .formatted(
                method,
                output,
                Numbers.text(attribution.value()),
                baseline,
                Numbers.text(attribution.baseline())));
    words.append(
        " The weights sum up to the difference of %s within %s"
            .formatted(Numbers.text(attribution.difference()), Numbers.text(attribution.gap())));
    words.append(
        attribution.isComplete()
            ? ": complete, as the tolerance is %s.".formatted(Numbers.text(attribution.tolerance()))
            : ": NOT complete, as the tolerance is %s; do not rely on them."
                .formatted(Numbers.text(attribution.tolerance())));
    words.append(" The model was run %s times.".formatted(Numbers.text(attribution.evaluations())));
    if (left > 0) {
      words.append(
          " The text is too long: the model did not see %s of its tokens."
              .formatted(Numbers.text(left)));
    }
    return words.toString();
  }

  /** The text with the weights; tokens that share a place, as parts of a character do, as one. */
  public MarkedText marked() {
    var pieces = new ArrayList<MarkedText.Piece>();
    int at = 0;
    for (int t = 0; t < tokens.size(); ) {
      int start = Math.max(at, tokens.get(t).start());
      int end = Math.max(start, tokens.get(t).end());
      double weight = attribution.weights()[t++];
      while (t < tokens.size() && tokens.get(t).start() < end) {
        end = Math.max(end, tokens.get(t).end());
        weight += attribution.weights()[t++];
      }
      if (start > at) {
        pieces.add(new MarkedText.Piece(text.substring(at, start), 0));
      }
      pieces.add(new MarkedText.Piece(text.substring(start, end), weight));
      at = end;
    }
    if (at < text.length()) {
      pieces.add(new MarkedText.Piece(text.substring(at), 0));
    }
    return new MarkedText(
        "Solid below: speaks for %s; dashed: against it.".formatted(output), pieces);
  }

  /** The weight of each token. */
  public Table table() {
    boolean sampled = attribution.errors() != null;
    var table =
        sampled
            ? Table.of("Weight of each token", "place", "token", "weight", "standard error")
            : Table.of("Weight of each token", "place", "token", "weight");
    for (int t = 0; t < tokens.size(); t++) {
      double weight = attribution.weights()[t];
      if (sampled) {
        table.row(t + 1, tokens.get(t).text(), weight, attribution.errors()[t]);
      } else {
        table.row(t + 1, tokens.get(t).text(), weight);
      }
    }
    return table.build();
  }
}
