package dev.galen.bench.book;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process's memory, as Linux counts it in {@code /proc/self/status}. */
final class StatusFile {
  private static final Path STATUS = Path.of("/proc/self/status");

  private StatusFile() {}

  /** Resident bytes of this process; 0 where there is no such file. */
  static long resident() throws IOException {
    return bytes("VmRSS:");
  }

  /** The most that {@link #resident} ever was. */
  static long peakResident() throws IOException {
    return bytes("VmHWM:");
  }

  private static long bytes(String field) throws IOException {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    }
  }

  /** The number on the last line of what a process prints, which must end well. */
  static long lastNumber(ProcessBuilder builder) throws IOException {
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("'%s' failed".formatted(String.join(" ", builder.command())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return Long.parseLong(out.lines().reduce((first, last) -> last).orElse("").strip());
  }
}
