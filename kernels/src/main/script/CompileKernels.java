import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compiles the kernels for NVIDIA GPUs into {@code galen.fatbin}, which the jar carries: {@code
 * java CompileKernels.java SOURCES TARGET if-possible|with-gpu|always}. Does nothing where the image
 * is newer than every source, and where nvcc is neither on the PATH nor under CUDA_HOME, of which it
 * says a line. What ptxas reports of registers and spills is kept in {@code TARGET/ptxas.txt}, behind
 * a line with what this nvcc compiles for.
 *
 * <p>An nvcc that fails, having no host compiler for example, costs the image and not the build, for
 * Galen then has NVRTC compile the kernels when it meets a GPU; generations that nvcc does not know
 * are left out. Under {@code always} both are errors. {@code with-gpu} is {@code if-possible} on a
 * machine that has a GPU, and nothing elsewhere.
 */
final class CompileKernels {
  /** Machine code for each generation from Ampere on, 90a with Hopper's own instructions. */
  private static final List<String> GPUS = List.of("80", "86", "89", "90a", "100", "120");

  /** Code that a driver translates itself, for every GPU after the oldest. */
  private static final String PORTABLE = "80";

  /** What nvcc 13 takes for all of them on a server's CPU. */
  private static final int CPU_MINUTES = 6;

  private static final int CPUS = Runtime.getRuntime().availableProcessors();

  private static final String WITHOUT =
      "the jar gets no compiled CUDA kernels, and a GPU needs NVRTC at run time";

  private static final Pattern ERROR =
      Pattern.compile("error|fatal|not found|no such file", Pattern.CASE_INSENSITIVE);

  private CompileKernels() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path sources = Path.of(args[0]);
    Path target = Path.of(args[1]);
    boolean demanded = args[2].equals("always");
    Path image = target.resolve("classes/dev/galen/kernels/cuda/galen.fatbin");
    Path report = target.resolve("ptxas.txt");
    if (isCurrent(image, sources) && (!demanded || isComplete(report))) {
      return;
    }
    // Whatever follows, kernels of older sources must not get into the jar.
    Files.deleteIfExists(image);
    Files.deleteIfExists(report);
    // The second is what the first was called before.
    if (List.of("with-gpu", "with-card").contains(args[2]) && !hasGpu()) {
      return;
    }
    Optional<Path> nvcc = nvcc();
    if (nvcc.isEmpty()) {
      say("there is no nvcc on the PATH or under CUDA_HOME; " + WITHOUT);
      return;
    }
    Files.createDirectories(image.getParent());
    Path fresh = target.resolve("galen.fatbin");
    Path output = target.resolve("nvcc.txt");
    try {
      List<String> known = known(nvcc.get());
      List<String> gpus = demanded ? GPUS : among(known);
      if (!gpus.equals(GPUS)) {
        say(
            "this nvcc does not know "
                + GPUS.stream()
                    .filter(gpu -> !gpus.contains(gpu))
                    .map(gpu -> "sm_" + gpu)
                    .collect(Collectors.joining(", "))
                + "; such GPUs translate the code for older ones");
      }
      say(
          "nvcc compiles the CUDA kernels for %d generations of GPUs, about %d minutes on %d idle CPUs;"
                  .formatted(gpus.size(), minutes(gpus.size()), CPUS)
              + " later builds keep them (-Dgalen.kernels=with-gpu: not where there is no GPU)");
      Files.writeString(output, "nvcc compiles for " + String.join(" ", known) + "\n");
      int status = run(command(nvcc.get(), gpus, sources.resolve("galen.cu"), fresh), output);
      if (status == 0) {
        Files.move(fresh, image);
        Files.move(output, report);
        return;
      }
      if (!demanded) {
        say("nvcc failed with status %d (%s); %s".formatted(status, error(output), WITHOUT));
        return;
      }
      Files.copy(output, System.err);
      System.err.println("galen: nvcc failed with status " + status);
    } finally {
      Files.deleteIfExists(fresh);
      Files.deleteIfExists(output);
    }
    System.exit(1);
  }

  /** Expected for so many GPUs, which nvcc compiles side by side. */
  private static int minutes(int gpus) {
    return Math.max(1, Math.ceilDiv(CPU_MINUTES * gpus, GPUS.size() * Math.min(CPUS, gpus)));
  }

  private static void say(String line) {
    System.out.println("galen: " + line);
  }

  /** Adds what the command says to a file and returns its status, that of a shell if it cannot start. */
  private static int run(List<String> command, Path output)
      throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      Files.writeString(output, "error: " + e.getMessage(), StandardOpenOption.APPEND);
      return 127;
    }
    return process.waitFor();
  }

  /** The first line that looks like an error; behind it come others of its making. */
  private static String error(Path output) throws IOException {
    return Files.readString(output)
        .lines()
        .skip(1)
        .filter(line -> ERROR.matcher(line).find())
        .findFirst()
        .orElse("it does not say why")
        .strip();
  }

  /** What nvcc compiles for, such as sm_80; nothing where it is too old to say. */
  private static List<String> known(Path nvcc) throws IOException, InterruptedException {
    Path list = Files.createTempFile("galen", ".txt");
    try {
      int status = run(List.of(nvcc.toString(), "--list-gpu-code"), list);
      return status != 0
          ? List.of()
          : Files.readString(list).lines().filter(line -> line.startsWith("sm_")).toList();
    } finally {
      Files.delete(list);
    }
  }

  /** The GPUs among those that nvcc knows, all of them where it did not say. Its list has no 90a. */
  private static List<String> among(List<String> known) {
    return GPUS.stream()
        .filter(gpu -> known.isEmpty() || known.contains("sm_" + gpu.replaceAll("[a-z]", "")))
        .toList();
  }

  private static List<String> command(
      Path nvcc, List<String> gpus, Path source, Path image) {
    var command = new ArrayList<String>();
    command.addAll(List.of(nvcc.toString(), "-std=c++17", "--fatbin", "--threads", "0"));
    command.addAll(List.of("-Xfatbin", "-compress-all", "-Xptxas", "-v"));
    for (String gpu : gpus) {
      command.add("-gencode=arch=compute_%1$s,code=sm_%1$s".formatted(gpu));
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

  /** Whether the image that came with this report has code for all GPUs. */
  private static boolean isComplete(Path report) throws IOException {
    if (!Files.exists(report)) {
      return false;
    }
    String text = Files.readString(report);
    return GPUS.stream().allMatch(gpu -> text.contains("'sm_" + gpu + "'"));
  }

  private static boolean hasGpu() {
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
