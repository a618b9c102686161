package dev.galen.examples.search.sample;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Random numbers that follow from a seed, a trial's number and a name alone. */
final class Seeds {
  private Seeds() {}

  static RandomGenerator of(long seed, int number, String name) {
    var root = new SplittableRandom(seed);
    var trial = new SplittableRandom(root.nextLong() ^ number * 0x9E3779B97F4A7C15L);
    return new SplittableRandom(trial.nextLong() ^ hash(name));
  }

  /** FNV-1a of the characters (Fowler, Noll and Vo), which is the same on every JVM. */
  private static long hash(String name) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
    }
    return hash;
  }
}
