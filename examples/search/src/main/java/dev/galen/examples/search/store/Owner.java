package dev.galen.examples.search.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who works on a trial.
 *
 * @param place a machine, and on Linux the namespace that its process ids are of
 * @param pid the process
 * @param started when it began, in milliseconds since 1970, as process ids come again
 * @param worker counts the studies that the process opened
 */
record Owner(String place, long pid, long started, int worker) {
  private static final AtomicInteger WORKERS = new AtomicInteger();
  private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

  /** A new worker of this process. */
  static Owner here() {
    ProcessHandle self = ProcessHandle.current();
    return new Owner(machine(), self.pid(), started(self), WORKERS.incrementAndGet());
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String machine() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "localhost";
    }
    try {
      return host.replace(' ', '-') + "/" + Files.readSymbolicLink(NAMESPACE);
    } catch (IOException | UnsupportedOperationException e) {
      return host.replace(' ', '-');
    }
  }

  /** What a database keeps. */
  String text() {
    return place + " " + pid + " " + started + " " + worker;
  }

  /** The owner that {@link #text} was made of. */
  static Owner parse(String text) {
    String[] words = text.split(" ");
    return new Owner(
        words[0], Long.parseLong(words[1]), Long.parseLong(words[2]), Integer.parseInt(words[3]));
  }

  /** Whether its process is known to be gone. False where that cannot be seen from here. */
  boolean isGone() {
    if (!place.equals(machine())) {
      return false;
    }
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    return process.isEmpty() || !process.get().isAlive() || started(process.get()) != started;
  }
}
