package dev.galen.train.run;

import dev.galen.tensor.backend.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The most memory that a run had.
 *
 * @param process resident bytes of the whole process, by proc(5); 0 where the system does not tell
 * @param tensors bytes of tensors where they were computed
 */
public record MemoryPeak(long process, long tensors) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String LINE = "VmHWM:";

  /** Of this process and of a backend until now. */
  static MemoryPeak of(Backend backend) {
    return new MemoryPeak(resident(), backend.memory().peak());
  }

  private static long resident() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(LINE)) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10; // given in kB
        }
      }
    } catch (IOException e) {
      // Another system: nobody knows.
    }
    return 0;
  }

  /** For a report. */
  String text() {
    String text = String.format(Locale.ROOT, "%,.0f MB of tensors", tensors / 1e6);
    return process == 0
        ? text
        : String.format(Locale.ROOT, "%,.0f MB of the process, %s", process / 1e6, text);
  }
}
