package dev.galen.examples.clinical.trust;

import dev.galen.examples.clinical.report.Block;
import dev.galen.examples.clinical.report.Bullets;
import dev.galen.examples.clinical.report.Code;
import dev.galen.examples.clinical.report.Examples;
import dev.galen.examples.clinical.report.MarkedText;
import dev.galen.examples.clinical.report.Numbers;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.report.Table;
import dev.galen.examples.clinical.trust.Faithfulness.Kind;
import dev.galen.examples.clinical.trust.Faithfulness.Unsupported;
import dev.galen.train.metrics.Significance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** How faithful many generated texts are to their inputs. */
public final class FaithfulnessReport {
  private static final int SHOWN = 20;

  private FaithfulnessReport() {}

  /**
   * A generated text beside its input.
   *
   * @param name what names it for the reader
   * @param input all that it was made from
   * @param generated what a model said
   */
  public record Pair(String name, String input, String generated) {}

  /**
   * A pair with what its input does not have.
   *
   * @param pair the texts
   * @param unsupported in the order of the generated text
   */
  public record Checked(Pair pair, List<Unsupported> unsupported) {}

  /** Checks each pair. */
  public static List<Checked> check(List<Pair> pairs) {
    return pairs.stream()
        .map(pair -> new Checked(pair, Faithfulness.check(pair.input(), pair.generated())))
        .toList();
  }

  /** The outcome in sentences. */
  public static List<String> words(List<Checked> all) {
    long clean = all.stream().filter(checked -> checked.unsupported().isEmpty()).count();
    long found = all.stream().mapToLong(checked -> checked.unsupported().size()).sum();
    var share = Significance.wilson(clean, all.size(), 0.95);
    return List.of(
        "%s of %s texts have no number, unit, term or name that their input lacks (%s; 95%% interval %s to %s)."
            .formatted(
                Numbers.text(clean),
                Numbers.text(all.size()),
                Numbers.text((double) clean / all.size()),
                Numbers.text(share.low()),
                Numbers.text(share.high())),
        "%s in all were found, %s a text; each has to be looked at."
            .formatted(Numbers.text(found), Numbers.text((double) found / all.size())));
  }

  /** The report, with the worst texts. */
  public static RunReport of(List<Checked> all) {
    var builder = RunReport.builder("Faithfulness of generated texts");
    words(all).forEach(builder::summary);
    long clean = all.stream().filter(checked -> checked.unsupported().isEmpty()).count();
    builder.measure("faithful texts", (double) clean / all.size());
    var kinds = Table.of("What was found", "kind", "times", "in texts");
    for (Kind kind : Kind.values()) {
      long times =
          all.stream().flatMap(c -> c.unsupported().stream()).filter(u -> u.kind() == kind).count();
      long texts =
          all.stream()
              .filter(c -> c.unsupported().stream().anyMatch(u -> u.kind() == kind))
              .count();
      kinds.row(name(kind), times, texts);
      builder.measure(name(kind) + "s not in the input", times);
    }
    builder.section("Kinds", kinds.build());
    List<Checked> worst =
        IntStream.range(0, all.size())
            .boxed()
            .filter(i -> !all.get(i).unsupported().isEmpty())
            .sorted(Comparator.comparingInt(i -> -all.get(i).unsupported().size()))
            .limit(SHOWN)
            .map(all::get)
            .toList();
    if (!worst.isEmpty()) {
      builder.section(
          "Texts to look at",
          new Examples(
              "Those with the most, at most %d.".formatted(SHOWN),
              worst.stream().map(FaithfulnessReport::example).toList()));
    }
    return builder
        .section(
            "Limits",
            new Bullets(
                "What is listed may be right: a number that was worked out, a name that is common"
                    + " knowledge.",
                "What is not listed may be wrong: a negation that was lost, two numbers that changed"
                    + " places, a relation that the input does not state.",
                "Drugs and conditions are told by a list of common names and by the endings of such"
                    + " names; others are not looked for."))
        .build();
  }

  private static Examples.Case example(Checked checked) {
    var table = Table.of("Not in the input", "what", "kind");
    checked.unsupported().forEach(u -> table.row(u.text(), name(u.kind())));
    List<Block> blocks =
        List.of(marked(checked), table.build(), new Code("The input", checked.pair().input()));
    return new Examples.Case(checked.pair().name(), blocks);
  }

  private static MarkedText marked(Checked checked) {
    String text = checked.pair().generated();
    var marks = new boolean[text.length()];
    checked.unsupported().forEach(u -> Arrays.fill(marks, u.start(), u.end(), true));
    var pieces = new ArrayList<MarkedText.Piece>();
    for (int from = 0; from < text.length(); ) {
      int to = from;
      while (to < text.length() && marks[to] == marks[from]) {
        to++;
      }
      pieces.add(new MarkedText.Piece(text.substring(from, to), marks[from] ? -1 : 0));
      from = to;
    }
    return new MarkedText("The generated text; dashed: not in the input.", pieces);
  }

  static String name(Kind kind) {
    return switch (kind) {
      case NUMBER -> "number";
      case UNIT -> "unit";
      case TERM -> "drug or condition";
      case CODE -> "abbreviation";
      case NAME -> "name";
    };
  }
}
