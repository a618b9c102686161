package dev.galen.tensor.random;

/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC
 * 2011), a counter-based generator: four 32-bit words are a pure function of a 64-bit key and a
 * 64-bit counter, so that every backend and any number of threads draw the same numbers.
 *
 * <p>An instance is a seed and the next unused counter: the whole state, as a checkpoint keeps it.
 */
public final class Philox {
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  private long seed;
  private long offset;

  /** A generator at the start of {@code seed}'s sequence. */
  public Philox(long seed) {
    this(seed, 0);
  }

  /** A generator that continues at counter {@code offset}. */
  public Philox(long seed, long offset) {
    this.seed = seed;
    this.offset = offset;
  }

  /** The key. */
  public long seed() {
    return seed;
  }

  /** The next unused counter. */
  public long offset() {
    return offset;
  }

  /** Continues at counter {@code offset}. */
  public void seek(long offset) {
    this.offset = offset;
  }

  /** Starts the sequence of another seed. */
  public void restart(long seed) {
    this.seed = seed;
    this.offset = 0;
  }

  /** Takes the counters for {@code elements} numbers and returns the first of them. */
  public long reserve(long elements) {
    long first = offset;
    offset += (elements + 3) / 4;
    return first;
  }

  /** The next uniform number in [0, 1). Takes a whole counter. */
  public float nextUniform() {
    return uniform(word(seed, reserve(1), 0));
  }

  /** Word {@code index} (0..3) of counter {@code counter} under key {@code seed}. */
  public static int word(long seed, long counter, int index) {
    var words = new int[4];
    words(seed, counter, words);
    return words[index];
  }

  /** All four words of a counter. */
  public static void words(long seed, long counter, int[] words) {
    words[0] = (int) counter;
    words[1] = (int) (counter >>> 32);
    words[2] = 0;
    words[3] = 0;
    scramble((int) seed, (int) (seed >>> 32), words);
  }

  /** Replaces a counter of 128 bits by its four words; the key is 64 bits. */
  static void scramble(int key0, int key1, int[] words) {
    int c0 = words[0];
    int c1 = words[1];
    int c2 = words[2];
    int c3 = words[3];
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = MULTIPLIER_0 * (c0 & 0xFFFFFFFFL);
      long p1 = MULTIPLIER_1 * (c2 & 0xFFFFFFFFL);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
  }

  /** A word's upper 24 bits as a number in [0, 1). */
  public static float uniform(int word) {
    return (word >>> 8) * 0x1p-24f;
  }

  /**
   * The two normal numbers of a pair of words, by Box and Muller: {@code sqrt(-2 ln u) cos(2 pi v)}
   * and the same with sin, where u lies in (0, 1].
   *
   * @param which 0 for the cosine, 1 for the sine
   */
  public static double normal(int wordU, int wordV, int which) {
    double u = ((wordU >>> 8) + 1) * 0x1p-24;
    double angle = 2 * Math.PI * ((wordV >>> 8) * 0x1p-24);
    double radius = Math.sqrt(-2 * Math.log(u));
    return radius * (which == 0 ? Math.cos(angle) : Math.sin(angle));
  }
}
