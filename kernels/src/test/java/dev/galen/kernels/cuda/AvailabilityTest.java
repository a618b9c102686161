package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.galen.kernels.softgpu.SoftwareGpu;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each machine on which there is no GPU to use, by a driver that says so, in a JVM of its own. */
class AvailabilityTest {
  /** The few functions that are asked before JCuda is loaded, with answers from the environment. */
  private static final String DRIVER =
      """
      #include <stdlib.h>
      #include <string.h>
      static int number(const char* name, int other) {
        const char* text = getenv(name);
        return text ? atoi(text) : other;
      }
      int cuInit(unsigned flags) { return number("FAKE_INIT", 0); }
      int cuDriverGetVersion(int* version) { *version = number("FAKE_VERSION", 12040); return 0; }
      int cuDeviceGetCount(int* count) { *count = number("FAKE_COUNT", 1); return 0; }
      int cuDeviceGet(int* device, int ordinal) { *device = ordinal; return 0; }
      int cuDeviceGetName(char* name, int length, int device) { strcpy(name, "Fake"); return 0; }
      int cuDeviceTotalMem_v2(size_t* bytes, int device) { *bytes = 1 << 30; return 0; }
      int cuDeviceGetAttribute(int* value, int attribute, int device) {
        *value = attribute == 75 ? number("FAKE_MAJOR", 9) : 0;
        return 0;
      }
      """;

  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

  @TempDir static Path folder;

  /** What the program said. */
  private record Answer(
      boolean available, String reason, String remedy, String passedOver, String err) {}

  @Test
  void withoutADriverNothingIsLoadedOrPrinted() throws Exception {
    assumeTrue(
        Stream.of("/dev/nvidiactl", "/dev/dxg").noneMatch(path -> Files.exists(Path.of(path))),
        "this machine has a driver for NVIDIA GPUs");
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Answer answer = ask(empty, Map.of(), "-Xlog:class+load:file=" + folder.resolve("classes"));
    assertFalse(answer.available());
    assertEquals("no NVIDIA driver: libcuda.so.1 was not found", answer.reason());
    assertEquals("install the NVIDIA driver, or compute on the cpu", answer.remedy());
    assertEquals("", answer.passedOver());
    assertEquals("", answer.err());
    try (var classes = Files.lines(folder.resolve("classes"))) {
      assertEquals(List.of(), classes.filter(line -> line.contains(" jcuda.")).toList());
    }
  }

  @Test
  void aDriverThatDoesNotLoadIsToldApartFromNone() throws Exception {
    Path broken = Files.createDirectories(folder.resolve("broken"));
    Path library = Files.writeString(broken.resolve("libcuda.so.1"), "no library ".repeat(100));
    refused(ask(broken, Map.of(), NATIVE_ACCESS), "driver does not load: " + library, "reinstall");
  }

  @Test
  void aDriverOfCuda11IsTooOld() throws Exception {
    refused(
        Map.of("FAKE_VERSION", "11080"),
        "the NVIDIA driver is for CUDA 11.8, Galen needs 12.0",
        "update the NVIDIA driver to version 525 or newer");
  }

  @Test
  void aDriverWithoutAGpuIsToldApartFromOneThatDoesNotStart() throws Exception {
    refused(Map.of("FAKE_INIT", "100"), "the NVIDIA driver sees no GPU", "nvidia-smi");
    refused(Map.of("FAKE_COUNT", "0"), "the NVIDIA driver sees no GPU", "CUDA_VISIBLE_DEVICES");
    refused(Map.of("FAKE_INIT", "803"), "error 803 of cuInit", "restart the machine");
  }

  @Test
  void aGpuBeforeAmpereIsTooOld() throws Exception {
    refused(
        Map.of("FAKE_MAJOR", "7"),
        "Fake with compute capability 7.0 is too old: the kernels need 8.0",
        "compute on the cpu");
  }

  @Test
  void aGpuWithoutJCudaIsToldWhatToAdd() throws Exception {
    Predicate<String> jcuda = path -> path.contains("jcuda") || path.contains("jcublas");
    Answer answer = askWith(paths(jcuda.negate()), fakeDriver(), Map.of(), NATIVE_ACCESS);
    refused(answer, "but JCuda is not here", "add the dependency dev.galen:galen-cuda");
  }

  @Test
  @Tag("software-gpu")
  void jcudaWithoutNativesIsToldWhatToAdd() throws Exception {
    Path libraries = softwareGpu();
    String paths = paths(path -> !path.contains("natives"));
    Answer answer = askWith(paths, libraries, Map.of(), NATIVE_ACCESS);
    refused(answer, "JCuda's native library lib/lib", "add the dependency dev.galen:galen-cuda");
  }

  @Test
  void aMissingCublasIsNamed() throws Exception {
    assumeTrue(
        new LibrarySearch()
            .folders().stream().noneMatch(path -> Files.exists(path.resolve("libcublas.so.12"))),
        "this machine has a cuBLAS");
    refused(Map.of(), "cuBLAS is missing", "LD_LIBRARY_PATH");
  }

  @Test
  @Tag("software-gpu")
  void anImageThatTheDriverRefusesIsNamedWithWhatToDo() throws Exception {
    Path libraries = softwareGpu();
    assumeTrue(Nvrtc.find().isEmpty(), "this machine has an NVRTC");
    Path resources = folder.resolve("resources");
    Path image = Files.createDirectories(resources.resolve("dev/galen/kernels/cuda"));
    Files.writeString(image.resolve("galen.fatbin"), "no image");
    Answer answer = ask(libraries, Map.of(), resources, NATIVE_ACCESS);
    assertTrue(
        answer.reason().startsWith("the GPU cannot be opened: no CUDA kernels for compute"),
        answer.toString());
    assertTrue(answer.reason().contains(": the driver refused the image"), answer.toString());
    assertEquals("update the NVIDIA driver, or install NVRTC", answer.remedy());
  }

  @Test
  @Tag("software-gpu")
  void anImageThatIsNamedAndCannotBeUsedIsSaid() throws Exception {
    Path garbage = Files.writeString(folder.resolve("garbage"), "no image");
    Answer refused = askWithImage(garbage);
    assertTrue(
        refused.reason().contains("opened: the driver refused the image " + garbage),
        refused.toString());
    Path missing = folder.resolve("missing");
    Answer unread = askWithImage(missing);
    assertEquals(
        "the GPU cannot be opened: the file " + missing + " cannot be read", unread.reason());
    for (Answer answer : List.of(refused, unread)) {
      assertEquals("name another one in galen.cuda.image, or none", answer.remedy());
    }
  }

  private static Answer askWithImage(Path image) throws IOException, InterruptedException {
    return ask(softwareGpu(), Map.of(), NATIVE_ACCESS, "-Dgalen.cuda.image=" + image);
  }

  /** The folder of the software GPU's libraries, which are there once it has started. */
  private static Path softwareGpu() {
    SoftwareGpu.start();
    return Path.of("target/softgpu").toAbsolutePath();
  }

  private static void refused(Map<String, String> environment, String reason, String remedy)
      throws IOException, InterruptedException {
    refused(ask(fakeDriver(), environment, NATIVE_ACCESS), reason, remedy);
  }

  private static void refused(Answer answer, String reason, String remedy) {
    assertFalse(answer.available(), answer.toString());
    assertTrue(answer.reason().contains(reason), answer.toString());
    assertTrue(answer.remedy().contains(remedy), answer.toString());
    assertEquals(
        "cuda:0 is not used: " + answer.reason() + "; " + answer.remedy(), answer.passedOver());
  }

  private static Path fakeDriver() throws IOException, InterruptedException {
    Path driver = folder.resolve("driver");
    if (!Files.exists(driver)) {
      Files.createDirectories(driver);
      Path source = Files.writeString(driver.resolve("fake.c"), DRIVER);
      Path library = driver.resolve("libcuda.so.1");
      try {
        int status =
            new ProcessBuilder(
                    "gcc", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertEquals(0, status);
      } catch (IOException missing) {
        assumeTrue(false, "there is no gcc on the PATH: " + missing.getMessage());
      }
    }
    return driver;
  }

  private static Answer ask(Path libraries, Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    return askWith(paths(path -> true), libraries, environment, options);
  }

  /** With {@code first} before all else on the class path. */
  private static Answer ask(
      Path libraries, Map<String, String> environment, Path first, String... options)
      throws IOException, InterruptedException {
    String paths = first + File.pathSeparator + paths(path -> true);
    return askWith(paths, libraries, environment, options);
  }

  private static Answer askWith(
      String classPath, Path libraries, Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath, PrintAvailability.class.getName()));
    var builder = new ProcessBuilder(command).redirectError(folder.resolve("err").toFile());
    builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().putAll(environment);
    Process process = builder.start();
    var lines = new String(process.getInputStream().readAllBytes()).lines().toList();
    String err = Files.readString(folder.resolve("err"));
    assertEquals(0, process.waitFor(), err);
    String remedy = lines.size() > 2 ? lines.get(2) : "";
    String passedOver = lines.size() > 3 ? lines.get(3) : "";
    return new Answer(Boolean.parseBoolean(lines.get(0)), lines.get(1), remedy, passedOver, err);
  }

  /**
   * The classes under test, and of what this JVM has on its class path and module path the entries
   * that are {@code wanted}.
   */
  private static String paths(Predicate<String> wanted) {
    return Stream.of(
            "target/test-classes",
            "target/classes",
            System.getProperty("jdk.module.path"),
            System.getProperty("java.class.path"))
        .filter(Objects::nonNull)
        .flatMap(paths -> Stream.of(paths.split(File.pathSeparator)))
        .filter(path -> wanted.test(Path.of(path).getFileName().toString()))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
