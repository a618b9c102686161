package dev.galen.examples.clinical.duplicate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Groups texts that are duplicates: equal but for white space, or with at least a threshold of
 * their runs of words in common. Candidates are found by MinHash, and each is verified by the
 * Jaccard index of the texts themselves, which are asked for again; a pair at the threshold is
 * missed once in a thousand. Groups are connected: if A is like B and B like C, all three are one.
 *
 * <p>Memory is 8 bytes a text and 4 for each band, 108 with a threshold of 0.8.
 */
public final class DuplicateFinder {
  /** What finds the texts again. */
  public interface Texts {
    /** The text that was the {@code place}-th to be added, from 0. */
    String at(int place) throws IOException;
  }

  /** How a text is a duplicate. */
  public enum Kind {
    /** Of none before it. */
    NONE,
    /** Equal to one before it but for white space. */
    EXACT,
    /** Nearly equal to one of its group. */
    NEAR
  }

  /**
   * What was found.
   *
   * @param firsts of each text the first one of its group
   * @param kinds how each text is a duplicate of one before it
   */
  public record Groups(int[] firsts, Kind[] kinds) {}

  private static final int LAST = 64;
  private static final int MOST_GROUPS = 256;
  private static final int CACHED_SETS = 4096;
  private static final int REFUSED = 1 << 20;
  private static final int CHUNK = 1 << 14;

  private final double threshold;
  private final int shingle;
  private final Bands bands;
  private final List<int[]> bandChunks = new ArrayList<>();
  private final List<long[]> exactChunks = new ArrayList<>();
  private int[] parents = new int[CHUNK];
  private int count;

  /**
   * @param threshold of the Jaccard index from which on two texts are near duplicates, in (0, 1]
   * @param shingle how many words a run has, at least 1
   */
  public DuplicateFinder(double threshold, int shingle) {
    if (!(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException("threshold is " + threshold + ", must be in (0, 1]");
    }
    if (shingle < 1) {
      throw new IllegalArgumentException("shingle is " + shingle + ", must be at least 1");
    }
    this.threshold = threshold;
    this.shingle = shingle;
    this.bands = new Bands(threshold);
  }

  /** What is kept of a text. */
  record Signature(long exact, int[] bands) {}

  /** The signature of a text, for {@link #add(Signature)}; may be called by several threads. */
  Signature signature(String text) {
    long[] shingles = Shingles.of(text, shingle);
    long exact = Shingles.exact(text);
    var values = new int[bands.count()];
    if (shingles.length > 0) {
      bands.of(shingles, values);
    } else {
      Arrays.fill(values, (int) exact); // so that texts without a word do not meet
    }
    return new Signature(exact, values);
  }

  /** Adds a text; a text without a word is a duplicate of exact ones alone. */
  public void add(String text) {
    add(signature(text));
  }

  /** Adds the next text by its signature. */
  void add(Signature signature) {
    int at = count % CHUNK;
    if (at == 0) {
      bandChunks.add(new int[CHUNK * bands.count()]);
      exactChunks.add(new long[CHUNK]);
    }
    exactChunks.getLast()[at] = signature.exact();
    System.arraycopy(signature.bands(), 0, bandChunks.getLast(), at * bands.count(), bands.count());
    if (count == parents.length) {
      parents = Arrays.copyOf(parents, 2 * count);
    }
    parents[count] = count;
    count++;
  }

  /** How many texts were added. */
  public int size() {
    return count;
  }

  /** The hash of a text that was added, equal for those that are equal but for white space. */
  long exact(int place) {
    return exactChunks.get(place / CHUNK)[place % CHUNK];
  }

  /** The groups of all texts. */
  public Groups groups(Texts texts) throws IOException {
    var kinds = new Kind[count];
    Arrays.fill(kinds, Kind.NONE);
    joinEqual(kinds);
    joinAlike(kinds, new Verifier(texts));
    var firsts = new int[count];
    for (int i = 0; i < count; i++) {
      firsts[i] = find(i);
      // One that was the first of its group until the group met another.
      kinds[i] = firsts[i] != i && kinds[i] == Kind.NONE ? Kind.NEAR : kinds[i];
    }
    return new Groups(firsts, kinds);
  }

  private void join(int a, int b) {
    int first = find(a);
    int second = find(b);
    parents[Math.max(first, second)] = Math.min(first, second);
  }

  private int find(int place) {
    while (parents[place] != place) {
      parents[place] = parents[parents[place]];
      place = parents[place];
    }
    return place;
  }

  private void joinEqual(Kind[] kinds) {
    // By half of the hash and the place, then by all of it among those.
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      order[i] = exact(i) & 0xFFFFFFFF00000000L | i;
    }
    Arrays.sort(order);
    for (int from = 0, to; from < count; from = to) {
      to = end(order, from, count);
      for (int a = from + 1; a < to; a++) {
        for (int b = from; b < a; b++) {
          int earlier = (int) order[b];
          int later = (int) order[a];
          if (kinds[earlier] != Kind.EXACT && exact(earlier) == exact(later)) {
            kinds[later] = Kind.EXACT;
            join(earlier, later);
            break;
          }
        }
      }
    }
  }

  /** Behind the last of those that have the upper half of their numbers in common. */
  private static int end(long[] order, int from, int length) {
    int to = from + 1;
    while (to < length && order[to] >>> 32 == order[from] >>> 32) {
      to++;
    }
    return to;
  }

  private void joinAlike(Kind[] kinds, Verifier verifier) throws IOException {
    long[] order = new long[count];
    for (int band = 0; band < bands.count(); band++) {
      int used = 0;
      for (int i = 0; i < count; i++) {
        if (kinds[i] != Kind.EXACT) {
          long value = bandChunks.get(i / CHUNK)[i % CHUNK * bands.count() + band];
          order[used++] = value << 32 | i;
        }
      }
      Arrays.sort(order, 0, used);
      for (int from = 0, to; from < used; from = to) {
        to = end(order, from, used);
        if (to - from > 1) {
          joinBucket(order, from, to, kinds, verifier);
        }
      }
    }
  }

  /** Compares each of a bucket with the last ones before it, and with one of each group. */
  private void joinBucket(long[] order, int from, int to, Kind[] kinds, Verifier verifier)
      throws IOException {
    var groups = new ArrayList<Integer>();
    for (int at = from; at < to; at++) {
      int place = (int) order[at];
      boolean alone = true;
      for (int before = at - 1; before >= Math.max(from, at - LAST); before--) {
        alone &= !joined((int) order[before], place, kinds, verifier);
      }
      if (at - from > LAST) {
        for (int group : groups) {
          alone &= !joined(group, place, kinds, verifier);
        }
      }
      if (alone && groups.size() < MOST_GROUPS) {
        groups.add(place);
      }
    }
  }

  private boolean joined(int earlier, int later, Kind[] kinds, Verifier verifier)
      throws IOException {
    if (find(earlier) == find(later)) {
      return true;
    }
    if (!verifier.alike(earlier, later)) {
      return false;
    }
    kinds[later] = Kind.NEAR;
    join(earlier, later);
    return true;
  }

  /** Compares texts, and remembers some of their runs and of the pairs that are not alike. */
  private final class Verifier {
    private final Texts texts;
    private final long[] refused = new long[REFUSED];
    private final Map<Integer, long[]> sets =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, long[]> eldest) {
            return size() > CACHED_SETS;
          }
        };

    Verifier(Texts texts) {
      this.texts = texts;
    }

    boolean alike(int a, int b) throws IOException {
      long pair = (long) Math.min(a, b) << 32 | Math.max(a, b);
      int cell = (int) (Shingles.mix(pair) & REFUSED - 1);
      if (refused[cell] == pair) {
        return false;
      }
      long[] first = set(a);
      long[] second = set(b);
      if (first.length > 0 && Shingles.jaccard(first, second) >= threshold) {
        return true;
      }
      refused[cell] = pair;
      return false;
    }

    private long[] set(int place) throws IOException {
      long[] set = sets.get(place);
      if (set == null) {
        set = Shingles.of(texts.at(place), shingle);
        sets.put(place, set);
      }
      return set;
    }
  }
}
