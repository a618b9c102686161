package dev.galen.bench.book;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;

/**
 * What made the figures.
 *
 * @param commit of Galen's sources, with a {@code +} where they were changed since
 * @param cpu the CPU's own name
 * @param cores that the JVM sees
 * @param threads that Galen and its peers compute with
 * @param vectorBits the width of Galen's vectors
 * @param jdk version and vendor
 * @param flags of the JVM
 * @param load the system's load average when the run began, which should be near 0; negative where
 *     it is unknown
 * @param python versions of what the peers' python has, by library; empty without one
 */
record Machine(
    String commit,
    String cpu,
    int cores,
    int threads,
    int vectorBits,
    String jdk,
    String flags,
    double load,
    SortedMap<String, String> python) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /**
   * This machine.
   *
   * @param home Galen's folder
   */
  static Machine here(Path home) throws IOException {
    int cores = Runtime.getRuntime().availableProcessors();
    int widest = Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize());
    return new Machine(
        commit(home),
        cpuName(),
        cores,
        Integer.getInteger("galen.threads", cores),
        Integer.getInteger("galen.vector.bits", widest),
        Runtime.version() + " " + System.getProperty("java.vendor"),
        String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        new TreeMap<>());
  }

  /** The same machine, its peers known. */
  Machine withPython(SortedMap<String, String> versions) {
    return new Machine(commit, cpu, cores, threads, vectorBits, jdk, flags, load, versions);
  }

  private static String commit(Path home) throws IOException {
    String commit = git(home, "rev-parse", "--short", "HEAD");
    if (commit.isEmpty()) {
      return "unknown";
    }
    boolean clean = git(home, "status", "--porcelain", "--untracked-files=no").isEmpty();
    return clean ? commit : commit + "+";
  }

  private static String git(Path home, String... arguments) throws IOException {
    var command = new String[arguments.length + 3];
    command[0] = "git";
    command[1] = "-C";
    command[2] = home.toString();
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      return ""; // there is no git
    }
    String answer = new String(process.getInputStream().readAllBytes()).strip();
    try {
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? answer : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static String cpuName() throws IOException {
    if (!Files.exists(CPU_INFO)) {
      return System.getProperty("os.arch");
    }
    try (var lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    }
  }

  /** Whether other programs had half a core or more to do. */
  boolean isBusy() {
    return load > 0.5;
  }

  /** Adds all of it to a line of JSON. */
  void describe(ObjectNode json) {
    json.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
        .put("commit", commit)
        .put("cpu", cpu)
        .put("cores", cores)
        .put("threads", threads)
        .put("vectorBits", vectorBits)
        .put("jdk", jdk)
        .put("flags", flags)
        .put("load", load);
    if (!python.isEmpty()) {
      ObjectNode versions = json.putObject("python");
      python.forEach(versions::put);
    }
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append(
        "%s, %d cores, %d threads, vectors of %d bits, JDK %s, commit %s, load %.1f"
            .formatted(cpu, cores, threads, vectorBits, jdk, commit, load));
    python.forEach((library, version) -> text.append(", " + library + " " + version));
    return text.toString();
  }
}
