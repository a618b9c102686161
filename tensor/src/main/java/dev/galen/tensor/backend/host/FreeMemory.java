package dev.galen.tensor.backend.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the system would still give this process, in bytes. On Linux that is the least of three: the
 * machine's {@code MemAvailable}; for each control group around the process its limit less its use,
 * of which pages of files do not count, since they are given up when memory is needed (version 1
 * and 2); and what the limit on the address space ({@code ulimit -v}) leaves. Memory beyond it is
 * not refused by the system when it is asked for: when it is touched, the process is ended without
 * a word.
 */
public final class FreeMemory {
  private static final String NO_LIMIT = "max";

  private final Path proc;
  private final Path groups;

  /** Reads below other folders than {@code /proc} and {@code /sys/fs/cgroup}. */
  FreeMemory(Path proc, Path groups) {
    this.proc = proc;
    this.groups = groups;
  }

  /**
   * Free bytes without the use of a swap file; {@link Long#MAX_VALUE} where the system does not
   * tell.
   */
  public static long bytes() {
    return new FreeMemory(Path.of("/proc"), Path.of("/sys/fs/cgroup")).free();
  }

  /** Free bytes with the swap file, which makes a process slow but does not end it. */
  static long bytesWithSwap() {
    var memory = new FreeMemory(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    long swap = kilobytes(lines(Path.of("/proc/meminfo")), "SwapFree:");
    long free = memory.free();
    return free == Long.MAX_VALUE || swap < 0 ? free : free + swap;
  }

  long free() {
    long machine = kilobytes(lines(proc.resolve("meminfo")), "MemAvailable:");
    long free = machine < 0 ? Long.MAX_VALUE : machine;
    for (String line : lines(proc.resolve("self/cgroup"))) {
      String[] fields = line.split(":", 3); // number, controllers, path
      if (fields.length == 3 && fields[1].isEmpty()) {
        free = Math.min(free, inGroups(root("unified"), fields[2], Version.TWO));
      } else if (fields.length == 3 && List.of(fields[1].split(",")).contains("memory")) {
        free = Math.min(free, inGroups(root("memory"), fields[2], Version.ONE));
      }
    }
    return Math.max(0, Math.min(free, addressSpace()));
  }

  /** Where version 1 is mounted, each controller has a folder of its own. */
  private Path root(String name) {
    Path own = groups.resolve(name);
    return Files.isDirectory(own) ? own : groups;
  }

  /** How a version of control groups names its files. */
  private enum Version {
    ONE("memory.limit_in_bytes", "memory.usage_in_bytes", "total_"),
    TWO("memory.max", "memory.current", "");

    private final String limit;
    private final String use;
    private final String prefix;

    Version(String limit, String use, String prefix) {
      this.limit = limit;
      this.use = use;
      this.prefix = prefix;
    }
  }

  /** The least that a group and those around it leave; in a container only the root is seen. */
  private static long inGroups(Path root, String path, Version version) {
    long free = Long.MAX_VALUE;
    Path group = root.resolve(path.substring(Math.min(1, path.length()))).normalize();
    for (Path at = group; at != null && at.startsWith(root); at = at.getParent()) {
      free = Math.min(free, inGroup(at, version));
    }
    return free;
  }

  private static long inGroup(Path group, Version version) {
    long limit = number(group.resolve(version.limit));
    long use = number(group.resolve(version.use));
    if (limit < 0 || use < 0) {
      return Long.MAX_VALUE;
    }
    long files = 0;
    for (String line : lines(group.resolve("memory.stat"))) {
      for (String name : List.of("inactive_file ", "active_file ")) {
        if (line.startsWith(version.prefix + name)) {
          files += parse(line.substring(version.prefix.length() + name.length()));
        }
      }
    }
    return limit - Math.max(0, use - files);
  }

  private long addressSpace() {
    for (String line : lines(proc.resolve("self/limits"))) {
      if (line.startsWith("Max address space")) {
        long limit = parse(line.substring("Max address space".length()).strip().split(" ", 2)[0]);
        long used = kilobytes(lines(proc.resolve("self/status")), "VmSize:");
        return limit < 0 || used < 0 ? Long.MAX_VALUE : limit - used;
      }
    }
    return Long.MAX_VALUE;
  }

  /** The value of a line {@code name 123 kB} in bytes; -1 where there is none. */
  private static long kilobytes(List<String> lines, String name) {
    for (String line : lines) {
      if (line.startsWith(name)) {
        long value = parse(line.substring(name.length()).replace("kB", ""));
        return value < 0 ? -1 : value << 10;
      }
    }
    return -1;
  }

  private static long number(Path file) {
    List<String> lines = lines(file);
    return lines.isEmpty() ? -1 : parse(lines.getFirst());
  }

  /** A number that is not negative, or -1 where there is none or no limit. */
  private static long parse(String text) {
    String digits = text.strip();
    if (digits.isEmpty() || digits.equals(NO_LIMIT) || digits.equals("unlimited")) {
      return -1;
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** No line where the file cannot be read: another system, or a container that hides it. */
  private static List<String> lines(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readAllLines(file) : new ArrayList<>();
    } catch (IOException e) {
      return new ArrayList<>();
    }
  }
}
