package dev.galen.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Backends;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a JVM does with and without the module, on the class path and on the module path. */
class FallbackTest {
  private static final String FLAG = "--add-modules jdk.incubator.vector";

  /** Run in a JVM of its own. */
  public static final class Probe {
    private Probe() {}

    /** Prints the name of the backend that serves cpu. */
    public static void main(String[] args) {
      System.out.println("backend=" + Backends.of("cpu").name());
    }
  }

  @Test
  void thisJvmHasIt() {
    Backend backend = Backends.of("cpu");
    assertEquals("vector", backend.name());
    assertTrue(new VectorBackendProvider().availability().reason().contains("bits"));
  }

  @Test
  @Timeout(60)
  void withoutTheFlagTheReferenceServesAndOneLineNamesTheFlag() throws Exception {
    String output = probe(List.of());
    assertTrue(output.contains("backend=reference"), output);
    assertEquals(1, output.lines().filter(line -> line.contains(FLAG)).count(), output);
  }

  @Test
  @Timeout(60)
  void withTheFlagItServes() throws Exception {
    String output = probe(List.of("--add-modules", "jdk.incubator.vector"));
    assertTrue(output.contains("backend=vector"), output);
  }

  @Test
  @Timeout(60)
  void aWrongWidthIsNamedAndTheReferenceServes() throws Exception {
    String output =
        probe(List.of("--add-modules", "jdk.incubator.vector", "-Dgalen.vector.bits=100"));
    assertTrue(output.contains("backend=reference"), output);
    assertTrue(output.contains("galen.vector.bits must be 128, 256 or 512, not 100"), output);
  }

  private static String probe(List<String> flags) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(String.join(System.getProperty("path.separator"), classPath()));
    command.add(Probe.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  /** Where the classes of both modules and of this test lie. */
  private static List<String> classPath() {
    var places = new ArrayList<String>();
    for (Class<?> type : List.of(VectorBackend.class, Backends.class, Probe.class)) {
      places.add(Path.of(location(type)).toString());
    }
    Path classes = Path.of(places.getFirst());
    places.add(classes.resolveSibling("test-classes").toString());
    return places;
  }

  private static URI location(Class<?> type) {
    try {
      return type.getProtectionDomain().getCodeSource().getLocation().toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
