package dev.galen.kernels.softgpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * A CUDA device for tests, in software: stand-ins for {@code libcuda.so.1}, {@code libcublas.so.12}
 * and {@code libcublasLt.so.12} that run the {@code .cu} sources on the CPU. See {@code
 * kernels/src/test/softgpu/README.md}.
 *
 * <p>{@link #start} is called before anything of JCuda is. The libraries and images are built by
 * g++ into {@code kernels/target/softgpu} when a source is newer.
 */
public final class SoftwareGpu {
  private static final long MAX_REPORT = 4096;

  private static SoftwareGpu started;

  private final Path sources;
  private final Path cuda;
  private final Path output;
  private final MethodHandle lastReport;
  private final MethodHandle seed;
  private final MethodHandle capacity;

  private SoftwareGpu() {
    Path module = kernelsModule();
    sources = module.resolve("src/test/softgpu");
    cuda = module.resolve("src/main/cuda");
    output = module.resolve("target/softgpu");
    Path driver = output.resolve("libcuda.so.1");
    Path cublas = output.resolve("libcublas.so.12");
    Path cublasLt = output.resolve("libcublasLt.so.12");
    exclusively(
        () -> {
          FileTime newest = newest(sources, "*.{cpp,h,sh,txt,map}");
          if (older(driver, newest) || older(cublas, newest) || older(cublasLt, newest)) {
            build("libraries", output.toString());
          }
        });
    System.load(driver.toString());
    System.load(cublas.toString());
    System.load(cublasLt.toString());
    SymbolLookup symbols = SymbolLookup.libraryLookup(driver, Arena.global());
    lastReport = function(symbols, "softgpuLastReport", FunctionDescriptor.of(ADDRESS));
    seed = function(symbols, "softgpuSeed", FunctionDescriptor.ofVoid(JAVA_LONG));
    capacity = function(symbols, "softgpuCapacity", FunctionDescriptor.ofVoid(JAVA_LONG));
    Path kernels = cuda.resolve("galen.cu");
    if (Files.exists(kernels)) {
      System.setProperty("galen.cuda.image", image(kernels).toString());
    }
  }

  /**
   * Makes the software GPU this process's CUDA device and {@code galen.cu} the image that {@code
   * galen.cuda.image} names. Skips the calling test, with the reason, where it cannot be built.
   */
  public static synchronized SoftwareGpu start() {
    reasonAgainst().ifPresent(reason -> Assumptions.abort("software GPU: " + reason));
    if (started == null) started = new SoftwareGpu();
    return started;
  }

  /**
   * For tests that run on a real GPU as well: starts the software GPU, unless the system property
   * {@code galen.test.gpu} is {@code real}, which leaves {@code cuda:0} to be this machine's GPU.
   */
  public static void startUnlessGpu() {
    if (!onRealGpu()) start();
  }

  /** {@link #seed} of the software GPU; nothing on a real GPU. */
  public static void seedUnlessGpu(long value) {
    if (!onRealGpu()) start().seed(value);
  }

  private static boolean onRealGpu() {
    return "real".equals(System.getProperty("galen.test.gpu"));
  }

  /** Why this machine cannot build or run it, if so. */
  private static Optional<String> reasonAgainst() {
    if (onRealGpu()) return Optional.of("this run is on the machine's own GPU");
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      return Optional.of("it is written for Linux on x86-64, this is " + system);
    }
    try {
      Process compiler = new ProcessBuilder("g++", "--version").start();
      compiler.getInputStream().readAllBytes();
      return compiler.waitFor() == 0 ? Optional.empty() : Optional.of("g++ --version fails");
    } catch (IOException missing) {
      return Optional.of("there is no g++ on the PATH");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  /** The module image of a {@code .cu} file, for {@code cuModuleLoad}; built when it is old. */
  public Path image(Path source) {
    Path image = output.resolve(source.getFileName().toString().replace(".cu", ".so"));
    exclusively(
        () -> {
          FileTime newest = newest(sources, "*.{h,sh}");
          for (FileTime other : List.of(newest(cuda, "*.{cu,cuh}"), modified(source))) {
            if (other.compareTo(newest) > 0) newest = other;
          }
          if (older(image, newest)) build("image", image.toString(), source.toString());
        });
    return image;
  }

  /** A source beside the software GPU's own, such as {@code planted_faults.cu}. */
  public Path testSource(String name) {
    return sources.resolve(name);
  }

  /** The latest sentence about what a kernel or a call did wrong; empty before the first. */
  public String lastReport() {
    try {
      MemorySegment text = (MemorySegment) lastReport.invokeExact();
      return text.reinterpret(MAX_REPORT).getString(0);
    } catch (Throwable failed) {
      throw new AssertionError(failed);
    }
  }

  /** The orders of threads and of streams follow from the seed; 0 is ascending. */
  public void seed(long value) {
    try {
      seed.invokeExact(value);
    } catch (Throwable failed) {
      throw new AssertionError(failed);
    }
  }

  /** Gives the device so many bytes of memory; 0 gives back the 8 GiB it has at first. */
  public void capacity(long bytes) {
    try {
      capacity.invokeExact(bytes);
    } catch (Throwable failed) {
      throw new AssertionError(failed);
    }
  }

  private void build(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(sources.resolve("build.sh").toString());
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + " failed:\n" + said);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while g++ ran", interrupted);
    }
  }

  /** Several test processes may want to build at once. */
  private void exclusively(Work work) {
    try {
      Files.createDirectories(output);
      try (FileChannel file =
              FileChannel.open(
                  output.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var lock = file.lock()) {
        work.run();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static boolean older(Path file, FileTime than) throws IOException {
    return !Files.exists(file) || modified(file).compareTo(than) < 0;
  }

  private static FileTime modified(Path file) throws IOException {
    return Files.getLastModifiedTime(file);
  }

  private static FileTime newest(Path directory, String glob) throws IOException {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    FileTime newest = FileTime.fromMillis(0);
    try (var files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!matcher.matches(file.getFileName())) continue;
        if (modified(file).compareTo(newest) > 0) newest = modified(file);
      }
    }
    return newest;
  }

  /** Tests run in their own module's directory. */
  private static Path kernelsModule() {
    for (String directory : List.of("", "../kernels", "kernels")) {
      Path module = Path.of(directory).toAbsolutePath().normalize();
      if (Files.exists(module.resolve("src/test/softgpu"))) return module;
    }
    throw new IllegalStateException("no src/test/softgpu near " + Path.of("").toAbsolutePath());
  }

  private static MethodHandle function(
      SymbolLookup symbols, String name, FunctionDescriptor signature) {
    return Linker.nativeLinker().downcallHandle(symbols.find(name).orElseThrow(), signature);
  }
}
