package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.Edits;
import dev.galen.examples.clinical.document.RejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Cleaning that keeps every number, sign, unit, superscript and negation as it was written. It
 * undoes
 *
 * <ul>
 *   <li>UTF-8 that was read as Windows-1252, where the sequence of characters can be nothing else;
 *   <li>control characters, marks of no width, lone surrogates, line ends of other systems;
 *   <li>HTML entities, and tags of HTML alone: {@code <5}, {@code p<0.05} and {@code <finding>}
 *       stay; {@code 10<sup>9</sup>} becomes 10⁹;
 *   <li>letters and marks that Unicode composes (NFC, never NFKC: ², µ and ½ stay);
 *   <li>soft hyphens, and hyphens at line ends where the whole word is certain;
 *   <li>no-break and other odd spaces, several spaces, spaces at line ends, more than one blank
 *       line.
 * </ul>
 *
 * <p>What is clean stays as it is, and cleaning twice changes nothing more.
 */
public final class SafeCleaner {
  /** More rounds than text that people export ever needs. */
  private static final int MOST_ROUNDS = 64;

  private SafeCleaner() {}

  /**
   * The text, cleaned.
   *
   * @throws RejectedException if markup is nested more than 64 deep
   */
  public static Cleaned clean(String text) throws RejectedException {
    List<Edits> steps = new ArrayList<>();
    String now = text;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      int needs = Needs.of(now);
      int before = steps.size();
      now = apply(needs, Needs.MOJIBAKE, Mojibake::edits, now, steps);
      now = apply(needs, Needs.CONTROLS, Controls::edits, now, steps);
      now = apply(needs, Needs.ENTITIES, Entities::edits, now, steps);
      now = apply(needs, Needs.MARKUP, Markup::edits, now, steps);
      now = apply(needs, Needs.COMPOSITION, Composition::edits, now, steps);
      now = apply(needs, Needs.HYPHENS, Hyphens::edits, now, steps);
      now = apply(needs, Needs.SPACES, Spaces::edits, now, steps);
      if (steps.size() == before) {
        return new Cleaned(now, steps);
      }
    }
    throw new RejectedException("markup or entities nested more than " + MOST_ROUNDS + " deep");
  }

  private static String apply(
      int needs, int need, Function<String, Edits> pass, String text, List<Edits> steps) {
    if ((needs & need) == 0) {
      return text;
    }
    Edits edits = pass.apply(text);
    if (edits.isEmpty()) {
      return text;
    }
    steps.add(edits);
    return edits.result();
  }
}
