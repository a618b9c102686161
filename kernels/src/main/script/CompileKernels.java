import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compiles the kernels for NVIDIA cards into {@code galen.fatbin}, which the jar carries: {@code
 * java CompileKernels.java SOURCES TARGET always|with-card}. Does nothing where the image is newer
 * than every source, and where nvcc is neither on the PATH nor under CUDA_HOME, of which it says a
 * line. What ptxas reports of registers and spills is kept in {@code TARGET/ptxas.txt}.
 */
final class CompileKernels {
  /** Machine code for each generation from Ampere on, 90a with Hopper's own instructions. */
  private static final List<String> CARDS = List.of("80", "86", "89", "90a", "100", "120");

  /** Code that a driver translates itself, for every card after the oldest. */
  private static final String PORTABLE = "80";

  private CompileKernels() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path sources = Path.of(args[0]);
    Path target = Path.of(args[1]);
    Path image = target.resolve("classes/dev/galen/kernels/cuda/galen.fatbin");
    if (isCurrent(image, sources) || args[2].equals("with-card") && !hasCard()) {
      return;
    }
    Optional<Path> nvcc = nvcc();
    if (nvcc.isEmpty()) {
      System.out.println(
          "galen: no nvcc on the PATH or under CUDA_HOME; the jar gets no compiled CUDA kernels");
      return;
    }
    Files.createDirectories(image.getParent());
    Path fresh = target.resolve("galen.fatbin");
    Path report = target.resolve("ptxas.txt");
    int status =
        new ProcessBuilder(command(nvcc.get(), sources.resolve("galen.cu"), fresh))
            .redirectOutput(report.toFile())
            .redirectErrorStream(true)
            .start()
            .waitFor();
    if (status != 0) {
      Files.copy(report, System.err);
      System.err.println("galen: nvcc failed with status " + status);
      System.exit(1);
    }
    Files.move(fresh, image, StandardCopyOption.REPLACE_EXISTING);
  }

  private static List<String> command(Path nvcc, Path source, Path image) {
    var command = new ArrayList<String>();
    command.addAll(
        List.of(nvcc.toString(), "-std=c++17", "--fatbin", "--threads", "0"));
    command.addAll(List.of("-Xfatbin", "-compress-all", "-Xptxas", "-v"));
    for (String card : CARDS) {
      command.add("-gencode=arch=compute_%1$s,code=sm_%1$s".formatted(card));
    }
    command.add("-gencode=arch=compute_%1$s,code=compute_%1$s".formatted(PORTABLE));
    command.addAll(List.of("-o", image.toString(), source.toString()));
    return command;
  }

  /** Whether the image is newer than every source and folder of them. */
  private static boolean isCurrent(Path image, Path sources) throws IOException {
    if (!Files.exists(image)) {
      return false;
    }
    long made = Files.getLastModifiedTime(image).toMillis();
    try (Stream<Path> files = Files.walk(sources)) {
      return files.allMatch(file -> file.toFile().lastModified() < made);
    }
  }

  private static boolean hasCard() {
    return Files.exists(Path.of("/dev/nvidiactl")) || Files.exists(Path.of("/dev/dxg"));
  }

  private static Optional<Path> nvcc() {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    String name = windows ? "nvcc.exe" : "nvcc";
    var folders = new ArrayList<Path>();
    if (System.getenv("CUDA_HOME") != null) {
      folders.add(Path.of(System.getenv("CUDA_HOME"), "bin"));
    }
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      folders.add(Path.of(folder));
    }
    return folders.stream().map(folder -> folder.resolve(name)).filter(Files::isExecutable).findFirst();
  }
}
