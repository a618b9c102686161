package dev.galen.bench.book;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What this machine can do at most, measured in the same run as everything that is held against it.
 *
 * @param fmaPeakOne operations per second of one thread, a multiply-add being two
 * @param fmaPeak of all threads
 * @param l2ReadOne bytes per second that one thread reads from its second-level cache
 * @param l2Read of all threads
 * @param dramReadOne bytes per second that one thread reads from memory
 * @param dramRead of all threads
 * @param dramWrite bytes per second that all threads write to memory, which reads each line first
 * @param dramCopy bytes read and bytes written per second by all threads
 */
record Calibration(
    double fmaPeakOne,
    double fmaPeak,
    double l2ReadOne,
    double l2Read,
    double dramReadOne,
    double dramRead,
    double dramWrite,
    double dramCopy) {
  /** More than any first-level cache of today holds, and less than any second-level one. */
  private static final int L2_FLOATS = 64 << 10;

  /** Of all threads together: more than the last-level cache holds, twice that fits the heap. */
  private static final int DRAM_FLOATS = 64 << 20;

  private static final int TRIES = 4;
  private static final double SECONDS = 0.1;

  /** Measures, in a few seconds. The best of several tries is what the machine can do. */
  static Calibration measure(int threads) {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      var data = new float[threads][];
      int length = DRAM_FLOATS / Integer.highestOneBit(2 * threads - 1);
      var copies = new float[threads][length];
      for (int i = 0; i < threads; i++) {
        data[i] = random(length, i);
      }
      return new Calibration(
          best(pool, 1, data, copies, Calibration::fma),
          best(pool, threads, data, copies, Calibration::fma),
          best(pool, 1, data, copies, Calibration::readL2),
          best(pool, threads, data, copies, Calibration::readL2),
          best(pool, 1, data, copies, Calibration::readDram),
          best(pool, threads, data, copies, Calibration::readDram),
          best(pool, threads, data, copies, Calibration::writeDram),
          best(pool, threads, data, copies, Calibration::copyDram));
    }
  }

  /** The better of two at each: others on the machine can only make it look slower. */
  Calibration best(Calibration other) {
    return new Calibration(
        Math.max(fmaPeakOne, other.fmaPeakOne),
        Math.max(fmaPeak, other.fmaPeak),
        Math.max(l2ReadOne, other.l2ReadOne),
        Math.max(l2Read, other.l2Read),
        Math.max(dramReadOne, other.dramReadOne),
        Math.max(dramRead, other.dramRead),
        Math.max(dramWrite, other.dramWrite),
        Math.max(dramCopy, other.dramCopy));
  }

  /** The calibration's own rows. */
  List<Measured> rows() {
    return List.of(
        row("fma-peak-1", Unit.GFLOP_PER_SECOND, fmaPeakOne),
        row("fma-peak", Unit.GFLOP_PER_SECOND, fmaPeak),
        row("l2-read-1", Unit.GB_PER_SECOND, l2ReadOne),
        row("l2-read", Unit.GB_PER_SECOND, l2Read),
        row("dram-read-1", Unit.GB_PER_SECOND, dramReadOne),
        row("dram-read", Unit.GB_PER_SECOND, dramRead),
        row("dram-write", Unit.GB_PER_SECOND, dramWrite),
        row("dram-copy", Unit.GB_PER_SECOND, dramCopy));
  }

  private static Measured row(String name, Unit unit, double perSecond) {
    return Measured.figure("machine/" + name, unit, unit.value(perSecond, 1));
  }

  /** Does something with a thread's data and returns how much: operations or bytes. */
  private interface Load {
    double run(float[] data, float[] copy);
  }

  private static double fma(float[] data, float[] copy) {
    int steps = 1 << 20;
    copy[0] = CalibrationLoops.fma(data, steps);
    return (double) steps * CalibrationLoops.FMA_FLOPS;
  }

  private static double readL2(float[] data, float[] copy) {
    int times = 64;
    for (int i = 0; i < times; i++) {
      copy[i] = CalibrationLoops.sum(data, L2_FLOATS);
    }
    return 4.0 * L2_FLOATS * times;
  }

  private static double readDram(float[] data, float[] copy) {
    copy[0] = CalibrationLoops.sum(data, data.length);
    return 4.0 * data.length;
  }

  private static double writeDram(float[] data, float[] copy) {
    CalibrationLoops.fill(copy, data[0]);
    return 4.0 * copy.length;
  }

  private static double copyDram(float[] data, float[] copy) {
    CalibrationLoops.copy(data, copy);
    return 8.0 * copy.length;
  }

  /** The best rate of all threads together over several tries. */
  private static double best(
      ExecutorService pool, int threads, float[][] data, float[][] copies, Load load) {
    double best = 0;
    for (int i = 0; i < TRIES; i++) {
      var futures = new ArrayList<Future<Double>>();
      for (int thread = 0; thread < threads; thread++) {
        float[] own = data[thread];
        float[] copy = copies[thread];
        futures.add(pool.submit(() -> rate(own, copy, load)));
      }
      double sum = 0;
      for (Future<Double> future : futures) {
        sum += get(future);
      }
      best = Math.max(best, sum);
    }
    return best;
  }

  private static double rate(float[] data, float[] copy, Load load) {
    long start = System.nanoTime();
    double amount = 0;
    double seconds = 0;
    while (seconds < SECONDS) {
      amount += load.run(data, copy);
      seconds = (System.nanoTime() - start) * 1e-9;
    }
    return amount / seconds;
  }

  private static double get(Future<Double> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static float[] random(int length, long seed) {
    var random = new SplittableRandom(seed);
    var values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextInt() * 0x1p-31f;
    }
    return values;
  }
}
