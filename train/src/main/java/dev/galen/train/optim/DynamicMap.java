package dev.galen.train.optim;

import dev.galen.tensor.backend.RoundedState;
import java.util.Arrays;

/**
 * The 256 levels of the dynamic map (Dettmers 2015, arXiv 1511.04561; Dettmers et al. 2021, arXiv
 * 2110.02861): seven decades from 1e-7 to 1, of which each has twice as many levels as the one
 * below, the middles of equal parts; 0 and 1. With a sign decade d has 2^d parts on either side,
 * without one {@code 2^(d+1)}.
 */
final class DynamicMap {
  private static final int DECADES = 7;

  private DynamicMap() {}

  /** Levels in rising order, F32. */
  static float[] levels(boolean signed) {
    var levels = new float[RoundedState.LEVELS];
    int count = 0;
    for (int decade = 0; decade < DECADES; decade++) {
      int parts = 1 << (signed ? decade : decade + 1);
      double top = Math.pow(10, decade + 1 - DECADES);
      for (int part = 0; part < parts; part++) {
        float level = (float) (top * (0.1 + 0.9 * (part + 0.5) / parts));
        levels[count++] = level;
        if (signed) {
          levels[count++] = -level;
        }
      }
    }
    levels[count++] = 1;
    levels[count] = 0;
    Arrays.sort(levels);
    return levels;
  }
}
