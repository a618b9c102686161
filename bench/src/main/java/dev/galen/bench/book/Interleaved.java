package dev.galen.bench.book;

import dev.galen.bench.peer.Work;
import java.io.IOException;
import java.util.List;

/**
 * Times several works in turn: one sample of each, then the next of each, so that whatever slows
 * the machine down slows all of them.
 *
 * @param samples of each work
 * @param warmSeconds each runs before the first sample, at least, and three times unless that takes
 *     very long
 * @param sampleSeconds a sample takes, at least
 */
public record Interleaved(int samples, double warmSeconds, double sampleSeconds) {
  private static final int WARM_RUNS = 3;
  private static final double PATIENCE = 10;
  private static final double LONGEST_SAMPLE = 2;

  /** Samples long enough for a clock, and a warm-up long enough for C2. */
  public static Interleaved of(int samples) {
    return new Interleaved(samples, 1.5, 0.25);
  }

  /** Seconds of one run: for each work its samples. */
  public double[][] time(List<Work> works) throws IOException {
    var runs = new int[works.size()];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = warmUp(works.get(i));
    }
    var seconds = new double[works.size()][samples];
    for (int sample = 0; sample < samples; sample++) {
      for (int i = 0; i < runs.length; i++) {
        seconds[i][sample] = works.get(i).run(runs[i]) / runs[i];
      }
    }
    return seconds;
  }

  /** Returns how many runs make a sample: enough to be timed, but no longer than is bearable. */
  private int warmUp(Work work) throws IOException {
    long start = System.nanoTime();
    double counted = 0;
    double passed = 0;
    double before;
    double last;
    int run = 0;
    do {
      before = passed;
      last = work.run(1);
      counted += last;
      run++;
      passed = (System.nanoTime() - start) * 1e-9;
    } while ((counted < warmSeconds || run < WARM_RUNS) && passed < PATIENCE);
    double enough = Math.ceil(sampleSeconds / last);
    return (int) Math.max(1, Math.min(enough, Math.ceil(LONGEST_SAMPLE / (passed - before))));
  }
}
