package dev.galen.train.metrics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The translation edit rate as sacrebleu computes it, in percent, lower being better: the edits
 * that make a reference of the hypothesis, divided by the references' mean length, where moving a
 * run of words is one edit beside insertion, deletion and substitution of a word (Snover, Dorr,
 * Schwartz, Micciulla and Makhoul, "A Study of Translation Edit Rate with Targeted Human
 * Annotation", AMTA 2006).
 *
 * <p>The best series of moves is not computable in reasonable time. As in Tercom the one that saves
 * most is made again and again, among runs of up to {@value #LONGEST_SHIFT} words that occur in the
 * reference at most {@value #FARTHEST_SHIFT} words away, and no more after {@value
 * #MOST_CANDIDATES} were tried. Case does not count by default, unlike in BLEU.
 */
public final class Ter {
  private static final int LONGEST_SHIFT = 10;
  private static final int FARTHEST_SHIFT = 50;
  private static final int MOST_CANDIDATES = 1000;

  private final int[] reference;
  private final EditBeam distances;
  private int candidates;

  private Ter(int[] reference) {
    this.reference = reference;
    this.distances = new EditBeam(reference);
  }

  /**
   * What words are.
   *
   * @param normalized puts punctuation apart and reads entities of XML
   * @param noPunctuation leaves out <code>. , ? : ; ! " ( )</code>
   * @param asianSupport with {@code normalized} makes words of single Chinese characters, with
   *     {@code noPunctuation} leaves out their punctuation too
   * @param caseSensitive compares letters as they are
   */
  public record Settings(
      boolean normalized, boolean noPunctuation, boolean asianSupport, boolean caseSensitive) {

    /** sacrebleu's defaults. */
    public static final Settings DEFAULT = new Settings(false, false, false, false);

    /** sacrebleu's signature. */
    public String signature(List<? extends List<String>> references) {
      return "nrefs:%s|case:%s|tok:tercom|norm:%s|punct:%s|asian:%s|version:%s"
          .formatted(
              SacreBleu.numberOfReferences(references),
              caseSensitive ? "mixed" : "lc",
              normalized ? "yes" : "no",
              noPunctuation ? "no" : "yes",
              asianSupport ? "yes" : "no",
              SacreBleu.VERSION);
    }
  }

  /**
   * A score and what it is made of.
   *
   * @param score 100 · edits / words of the reference; 100 where there is a hypothesis without
   *     words in its reference, 0 where both have none
   * @param edits insertions, deletions, substitutions and moves
   * @param referenceLength words of the references, of several the mean
   */
  public record Score(double score, long edits, double referenceLength) {}

  /** The score of one hypothesis against the nearest of its references, of which there is one. */
  public static Score sentence(List<String> references, String hypothesis, Settings settings) {
    return corpus(List.of(references), List.of(hypothesis), settings);
  }

  /**
   * The score of a corpus.
   *
   * @param references for each hypothesis its references, at least one
   * @param hypotheses at least one text
   */
  public static Score corpus(
      List<List<String>> references, List<String> hypotheses, Settings settings) {
    Bleu.requireCorpus(references, hypotheses);
    long edits = 0;
    double length = 0;
    for (int s = 0; s < hypotheses.size(); s++) {
      var hypothesis = TerTokenizer.words(hypotheses.get(s), settings);
      int least = Integer.MAX_VALUE;
      long words = 0;
      for (var text : references.get(s)) {
        var reference = TerTokenizer.words(text, settings);
        words += reference.size();
        least = Math.min(least, edits(hypothesis, reference));
      }
      edits += least;
      length += (double) words / references.get(s).size();
    }
    double rate = length > 0 ? edits / length : edits > 0 ? 1 : 0;
    return new Score(100 * rate, edits, length);
  }

  private static int edits(List<String> hypothesis, List<String> reference) {
    if (reference.isEmpty()) {
      return hypothesis.size();
    }
    Map<String, Integer> numbers = new HashMap<>();
    return new Ter(numbered(reference, numbers)).edits(numbered(hypothesis, numbers));
  }

  private static int[] numbered(List<String> words, Map<String, Integer> numbers) {
    var ids = new int[words.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = numbers.computeIfAbsent(words.get(i), word -> numbers.size());
    }
    return ids;
  }

  private int edits(int[] hypothesis) {
    int shifts = 0;
    int[] words = hypothesis;
    while (true) {
      int[] shifted = bestShift(words);
      if (candidates >= MOST_CANDIDATES || shifted == null) {
        return shifts + distances.distance(words);
      }
      shifts++;
      words = shifted;
    }
  }

  /** The words after the move that saves most edits, or null where none saves one. */
  private int[] bestShift(int[] words) {
    int before = distances.distance(words);
    var alignment = new Alignment(distances.edits(), words.length, reference.length);
    int[] best = null;
    int[] rank = null;
    for (int from = 0; from < words.length; from++) {
      int nearest = Math.max(0, from - FARTHEST_SHIFT);
      int farthest = Math.min(reference.length - 1, from + FARTHEST_SHIFT);
      for (int to = nearest; to <= farthest; to++) {
        int longest = commonRun(words, from, to);
        for (int length = 1; length <= longest; length++) {
          if (!alignment.worthMoving(from, to, length)) {
            continue;
          }
          int last = -1;
          for (int offset = -1; offset < length; offset++) {
            int target = to + offset < 0 ? 0 : alignment.of(to + offset) + 1;
            if (target == last) {
              continue;
            }
            last = target;
            int[] moved = moved(words, from, length, target);
            int[] its = {before - distances.distance(moved), length, -from, -target};
            candidates++;
            if (rank == null || Arrays.compare(its, rank) > 0) {
              rank = its;
              best = moved;
            }
          }
          if (candidates >= MOST_CANDIDATES) {
            return null; // the distance of what was reached counts, not of one more move
          }
        }
      }
    }
    return rank == null || rank[0] <= 0 ? null : best;
  }

  private int commonRun(int[] words, int from, int to) {
    int length = 0;
    while (length < LONGEST_SHIFT
        && from + length < words.length
        && to + length < reference.length
        && words[from + length] == reference[to + length]) {
      length++;
    }
    return length;
  }

  /** {@code words} with {@code length} of them taken from {@code from} to before {@code target}. */
  private static int[] moved(int[] words, int from, int length, int target) {
    var rest = new int[words.length - length];
    System.arraycopy(words, 0, rest, 0, from);
    System.arraycopy(words, from + length, rest, from, rest.length - from);
    // A target inside the run counts on behind it; one behind the run loses what was taken out.
    int at = Math.min(target > from + length ? target - length : target, rest.length);
    var moved = new int[words.length];
    System.arraycopy(rest, 0, moved, 0, at);
    System.arraycopy(words, from, moved, at, length);
    System.arraycopy(rest, at, moved, at + length, rest.length - at);
    return moved;
  }

  /** Which word of the hypothesis stands for which of the reference, and which are wrong. */
  private static final class Alignment {
    private final int[] aligned; // by word of the reference
    private final boolean[] wrongInReference;
    private final boolean[] wrongInHypothesis;

    Alignment(byte[] edits, int hypothesis, int reference) {
      aligned = new int[reference];
      wrongInReference = new boolean[reference];
      wrongInHypothesis = new boolean[hypothesis];
      int word = -1;
      int target = -1;
      for (byte edit : edits) {
        boolean wrong = edit != EditBeam.KEEP;
        if (edit != EditBeam.INSERT) {
          wrongInHypothesis[++word] = wrong;
        }
        if (edit != EditBeam.DELETE) {
          aligned[++target] = word;
          wrongInReference[target] = wrong;
        }
      }
    }

    int of(int target) {
      return aligned[target];
    }

    /** Whether there is a fault at both ends, and the run would not move into itself. */
    boolean worthMoving(int from, int to, int length) {
      int now = aligned[to];
      return any(wrongInHypothesis, from, length)
          && any(wrongInReference, to, length)
          && !(now >= from && now < from + length);
    }

    private static boolean any(boolean[] wrong, int from, int length) {
      for (int i = from; i < from + length; i++) {
        if (wrong[i]) {
          return true;
        }
      }
      return false;
    }
  }
}
