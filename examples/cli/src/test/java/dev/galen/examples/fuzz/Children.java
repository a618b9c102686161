package dev.galen.examples.fuzz;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * JVMs that run a class of this one's path, for what a process does to itself or has done to it.
 */
public final class Children {
  private static final int PATIENCE_SECONDS = 300;
  private static final int HEAP_MEGABYTES = 256;

  private Children() {}

  /**
   * How a child ended.
   *
   * @param code its exit code; 128 and the signal's number where a signal ended it
   * @param out what it wrote to standard output
   * @param err what it wrote to standard error
   */
  public record End(int code, String out, String err) {}

  /** Starts {@code main} and waits until it ends; output goes to files in {@code folder}. */
  public static End run(
      Path folder, Map<String, String> environment, Class<?> main, List<String> arguments)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "child", ".out");
    Path err = Files.createTempFile(folder, "child", ".err");
    Process process = start(environment, main, arguments, out, err);
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new IOException("still running after " + PATIENCE_SECONDS + " s: " + arguments);
    }
    var end =
        new End(
            process.exitValue(),
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
    Files.delete(out);
    Files.delete(err);
    return end;
  }

  /** Starts {@code main}, whose output goes to two files. */
  public static Process start(
      Map<String, String> environment, Class<?> main, List<String> arguments, Path out, Path err)
      throws IOException {
    return start(HEAP_MEGABYTES, environment, main, arguments, out, err);
  }

  /** The same with a heap of so many megabytes. */
  public static Process start(
      int megabytes,
      Map<String, String> environment,
      Class<?> main,
      List<String> arguments,
      Path out,
      Path err)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + megabytes + "m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dgalen.threads=1",
            "-Dstderr.encoding=UTF-8",
            "-cp",
            classPath(),
            main.getName()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
  }

  /** All that this JVM has on its module path and its class path, with the tests. */
  private static String classPath() {
    Set<String> places = new LinkedHashSet<>();
    places.add(home(Children.class));
    for (var module : ModuleLayer.boot().configuration().modules()) {
      module
          .reference()
          .location()
          .filter(place -> place.getScheme().equals("file"))
          .ifPresent(place -> places.add(Path.of(place).toString()));
    }
    places.add(System.getProperty("java.class.path"));
    return String.join(File.pathSeparator, places);
  }

  // Not its code source: tests are patched into the module they test, and would claim to come from
  // there.
  private static String home(Class<?> type) {
    String name = type.getName().replace('.', '/') + ".class";
    String url = type.getResource("/" + name).toString();
    return Path.of(URI.create(url.substring(0, url.length() - name.length()))).toString();
  }
}
