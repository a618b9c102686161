package dev.galen.bench.gpu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tensor.backend.Availability;
import dev.galen.tensor.backend.BackendProvider;
import dev.galen.tensor.backend.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where figures come from.
 *
 * @param gpu name, compute capability, memory and the driver's CUDA
 * @param driver version of the NVIDIA driver, {@code unknown} where the system does not say
 * @param libraries what was found of CUDA
 * @param jdk version of the Java that ran
 * @param commit of Galen, from the system property {@code galen.commit}
 * @param pytorch version, empty where it was not asked
 */
record GpuSetup(
    String gpu, String driver, String libraries, String jdk, String commit, String pytorch) {
  private static final Path DRIVER = Path.of("/proc/driver/nvidia/version");
  private static final Pattern VERSION = Pattern.compile("\\b\\d{3}\\.\\d+(\\.\\d+)?\\b");

  /**
   * This machine's.
   *
   * @throws IllegalStateException where there is no GPU, with the reason and what to do
   */
  static GpuSetup here(String pytorch) throws IOException {
    for (BackendProvider provider : Backends.providers()) {
      if (provider.place().startsWith("cuda")) {
        Availability found = provider.availability();
        if (!found.available()) {
          throw new IllegalStateException(found.reason() + "; " + found.remedy());
        }
        var libraries = new StringBuilder();
        provider.diagnostics().stream()
            .filter(library -> library.found())
            .forEach(
                library ->
                    libraries
                        .append(library.name())
                        .append(' ')
                        .append(library.detail())
                        .append("; "));
        return new GpuSetup(
            found.reason(),
            driverVersion(),
            libraries.toString().strip(),
            Runtime.version().toString(),
            System.getProperty("galen.commit", "unknown"),
            pytorch);
      }
    }
    throw new IllegalStateException("Galen's CUDA backend is not on the class path");
  }

  private static String driverVersion() throws IOException {
    if (!Files.isReadable(DRIVER)) {
      return "unknown";
    }
    Matcher version = VERSION.matcher(Files.readString(DRIVER));
    return version.find() ? version.group() : "unknown";
  }

  /** Adds all of it to a line of JSON. */
  void describe(ObjectNode json) {
    json.put("gpu", gpu)
        .put("driver", driver)
        .put("libraries", libraries)
        .put("jdk", jdk)
        .put("commit", commit);
    if (!pytorch.isEmpty()) {
      json.put("pytorch", pytorch);
    }
  }

  @Override
  public String toString() {
    return "%s, driver %s, Galen %s, JDK %s, %s"
        .formatted(gpu, driver, commit, jdk, pytorch.isEmpty() ? "no PyTorch" : pytorch);
  }
}
