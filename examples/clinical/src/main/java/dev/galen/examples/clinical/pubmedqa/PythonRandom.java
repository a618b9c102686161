package dev.galen.examples.clinical.pubmedqa;

import java.util.Collections;
import java.util.List;

/**
 * The numbers of Python's {@code random} module: the Mersenne Twister MT19937 (Matsumoto and
 * Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number
 * generator", 1998), seeded as {@code random.seed(int)} does it.
 */
final class PythonRandom {
  private static final int N = 624;
  private static final int M = 397;
  private static final int UPPER = 0x80000000;
  private static final int LOWER = 0x7fffffff;
  private static final int MATRIX = 0x9908b0df;

  private final int[] state = new int[N];
  private int next = N;

  /**
   * As {@code random.seed(seed)}.
   *
   * @param seed 0 to 2^31 - 1
   */
  PythonRandom(int seed) {
    state[0] = 19650218;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
    int i = 1;
    for (int k = 0; k < N; k++) {
      state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1664525)) + seed;
      i = following(i);
    }
    for (int k = 0; k < N - 1; k++) {
      state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1566083941)) - i;
      i = following(i);
    }
    state[0] = UPPER;
  }

  private int following(int i) {
    if (i + 1 < N) {
      return i + 1;
    }
    state[0] = state[N - 1];
    return 1;
  }

  /** The next 32 bits. */
  private int bits32() {
    if (next == N) {
      for (int k = 0; k < N; k++) {
        int y = (state[k] & UPPER) | (state[(k + 1) % N] & LOWER);
        state[k] = state[(k + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : MATRIX);
      }
      next = 0;
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  /** A number from 0 to {@code n} (exclusive), as {@code _randbelow}. */
  int below(int n) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(n);
    int number;
    do {
      number = bits32() >>> (Integer.SIZE - bits);
    } while (number >= n);
    return number;
  }

  /** As {@code random.shuffle}. */
  void shuffle(List<?> items) {
    for (int i = items.size() - 1; i > 0; i--) {
      Collections.swap(items, i, below(i + 1));
    }
  }

  /** As {@code random.choice}. */
  <T> T choice(List<T> items) {
    return items.get(below(items.size()));
  }
}
