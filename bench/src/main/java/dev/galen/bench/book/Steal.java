package dev.galen.bench.book;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Ticks that all CPUs have spent, and those of them that the host took for other guests, by {@code
 * /proc/stat} (proc(5)); zeros where there is no such file.
 */
record Steal(long stolen, long all) {
  private static final Path STAT = Path.of("/proc/stat");
  private static final int STOLEN = 7;

  /** User, nice, system, idle, iowait, irq, softirq, steal; guest time is counted in user. */
  private static final int COLUMNS = 8;

  static Steal now() throws IOException {
    if (!Files.exists(STAT)) {
      return new Steal(0, 0);
    }
    try (var lines = Files.lines(STAT)) {
      return of(lines.findFirst().orElse(""));
    }
  }

  /** The line {@code cpu 1 2 3 ...}. */
  static Steal of(String line) {
    long[] ticks =
        Arrays.stream(line.strip().split("\\s+"))
            .skip(1)
            .limit(COLUMNS)
            .mapToLong(Long::parseLong)
            .toArray();
    return new Steal(ticks.length > STOLEN ? ticks[STOLEN] : 0, Arrays.stream(ticks).sum());
  }

  /** The part stolen since {@code before}, from 0 to 1. */
  double since(Steal before) {
    return all == before.all ? 0 : (double) (stolen - before.stolen) / (all - before.all);
  }
}
