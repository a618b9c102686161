package dev.galen.kernels.cuda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the build does with nvcc, by a script that stands in for it. */
class CompileKernelsTest {
  private static final Path SCRIPT = Path.of("src", "main", "script", "CompileKernels.java");

  /**
   * Writes its options as the image; the generations are those of nvcc 12.0, without 100 and 120.
   */
  private static final String OLD =
      """
      #!/bin/sh
      if [ "$1" = --list-gpu-code ]; then
        printf 'sm_%s\\n' 80 86 87 89 90
        exit
      fi
      while [ $# -gt 1 ]; do
        case $1 in
          -gencode*) said="$said $1" ;;
          -o) image=$2 ;;
        esac
        shift
      done
      echo "$said" >"$image"
      """;

  private static final String FAILING =
      OLD
          + """
          echo 'ptxas info    : 0 bytes gmem'
          echo 'gcc: No such file or directory'
          echo 'nvcc fatal   : Failed to preprocess host compiler properties.'
          exit 1
          """;

  @TempDir Path folder;
  private Path sources;
  private Path target;
  private Path image;

  @BeforeEach
  void oneSource() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: there is no /bin/sh");
    sources = Files.createDirectory(folder.resolve("cuda"));
    target = Files.createDirectory(folder.resolve("target"));
    image = target.resolve("classes/dev/galen/kernels/cuda/galen.fatbin");
    Files.writeString(sources.resolve("galen.cu"), "");
  }

  private record Outcome(int status, String output) {}

  private Outcome build(String nvcc, String when) throws Exception {
    Path script = Files.createDirectories(folder.resolve("cuda-home/bin")).resolve("nvcc");
    Files.writeString(script, nvcc);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                SCRIPT.toString(),
                sources.toString(),
                target.toString(),
                when)
            .redirectErrorStream(true);
    builder.environment().put("CUDA_HOME", folder.resolve("cuda-home").toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  /** The line before nvcc begins: what takes how long, and how to do without. */
  private static String announced(Outcome outcome) {
    return outcome
        .output()
        .lines()
        .filter(line -> line.matches("galen: nvcc compiles .*, about [1-9] minutes on .*"))
        .filter(line -> line.contains("-Dgalen.kernels=with-gpu"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(outcome.output()));
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.walk(target)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> target.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void failureCostsTheImageAndLeavesNothingBehind() throws Exception {
    Files.createDirectories(image.getParent());
    Files.writeString(image, "of older sources");
    Files.setLastModifiedTime(image, FileTime.fromMillis(0));
    Files.writeString(target.resolve("ptxas.txt"), "of older sources");

    Outcome outcome = build(FAILING, "if-possible");
    assertEquals(
        "galen: this nvcc does not know sm_100, sm_120; such GPUs translate the code for older"
            + " ones\n"
            + announced(outcome)
            + "\ngalen: nvcc failed with status 1 (gcc: No such file or directory); the jar gets no"
            + " compiled CUDA kernels, and a GPU needs NVRTC at run time\n",
        outcome.output());
    assertEquals(0, outcome.status());
    assertEquals(List.of(), left());
  }

  @Test
  void failureIsAnErrorWhereAnImageIsDemanded() throws Exception {
    Outcome outcome = build(FAILING, "always");
    assertEquals(1, outcome.status());
    assertTrue(outcome.output().contains("nvcc fatal"), outcome.output());
    assertEquals(List.of(), left());
  }

  @Test
  void generationsThatNvccDoesNotKnowAreLeftOutUnlessDemanded() throws Exception {
    assertEquals(0, build(OLD, "if-possible").status());
    assertEquals(List.of(target.relativize(image).toString(), "ptxas.txt"), left());
    String partial = Files.readString(image);
    assertTrue(partial.contains("code=sm_90a"), partial);
    assertFalse(partial.contains("sm_100"), partial);

    assertEquals("", build(OLD, "if-possible").output(), "the image is up to date");

    // The image is newer than the sources, but not what is demanded now.
    assertEquals(0, build(OLD, "always").status());
    assertTrue(Files.readString(image).contains("code=sm_120"));
  }

  @Test
  void fileThatCannotBeStartedIsAFailureLikeOthers() throws Exception {
    Outcome outcome = build("#!/absent/sh\n", "if-possible");
    assertTrue(outcome.output().contains("\ngalen: nvcc failed with status 127 (error: "));
    assertTrue(outcome.output().startsWith(announced(outcome)), outcome.output());
    assertEquals(2, outcome.output().lines().count(), outcome.output());
    assertEquals(0, outcome.status());
    assertEquals(List.of(), left());
  }
}
