package dev.galen.kernels.cuda;

import dev.galen.kernels.cuda.binding.cublasLt_h;
import dev.galen.kernels.cuda.binding.cublas_h;
import dev.galen.kernels.cuda.binding.cuda_h;
import dev.galen.kernels.cuda.binding.nvrtc_h;
import dev.galen.tensor.backend.Availability;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * CUDA's libraries that the bindings call. Each is looked for when it is first asked for, and stays
 * loaded.
 *
 * <p>The bindings look for a symbol among all loaded libraries, so that of each there must be one
 * version: cuBLASLt is the one that belongs to cuBLAS. Where the driver's version is known nothing
 * newer is taken, because a driver runs no code of a later CUDA.
 */
enum CudaLibrary {
  /** The driver. */
  DRIVER("driver", "cuDriverGetVersion", "install an NVIDIA driver") {
    @Override
    List<String> names() {
      return List.of("libcuda.so.1");
    }

    @Override
    String version() {
      int version = driverVersion();
      return "CUDA " + version / 1000 + "." + version % 1000 / 10;
    }
  },

  /**
   * Matrix products. JCublas calls version 12, the bindings 13; 12 comes first because it runs
   * under the drivers of both.
   */
  CUBLAS(
      "cuBLAS",
      "cublasCreate_v2",
      "install cuBLAS of the driver's CUDA or an older one, from 12 on, and set CUDA_HOME or"
          + " LD_LIBRARY_PATH") {
    @Override
    List<String> names() {
      return underDriver("libcublas.so.", 12, 13);
    }

    @Override
    String version() {
      return Stream.of(cublas_h.MAJOR_VERSION(), cublas_h.MINOR_VERSION(), cublas_h.PATCH_LEVEL())
          .map(part -> number(value -> cublas_h.cublasGetProperty(part, value)))
          .map(String::valueOf)
          .collect(Collectors.joining("."));
    }
  },

  /** Matrix products with an epilogue. */
  CUBLAS_LT(
      "cuBLASLt",
      "cublasLtCreate",
      "it comes with cuBLAS; until then bias and GELU are kernels of their own") {
    @Override
    List<String> names() {
      return CUBLAS
          .file()
          .map(file -> List.of("libcublasLt.so." + major(file)))
          .orElse(underDriver("libcublasLt.so.", 12, 13));
    }

    @Override
    String version() {
      long version = cublasLt_h.cublasLtGetVersion();
      return version / 10_000 + "." + version / 100 % 100 + "." + version % 100;
    }
  },

  /** The compiler of kernels; its later versions know more cards. */
  NVRTC(
      "NVRTC",
      "nvrtcVersion",
      "needed only where the kernels in the jar do not fit the driver: install NVRTC of the driver's"
          + " CUDA or an older one, from 12 on, and set CUDA_HOME or LD_LIBRARY_PATH") {
    @Override
    List<String> names() {
      return underDriver("libnvrtc.so.", 13, 12);
    }

    @Override
    String version() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment parts = arena.allocate(ValueLayout.JAVA_INT, 2);
        nvrtc_h.nvrtcVersion(parts, parts.asSlice(Integer.BYTES));
        return parts.getAtIndex(ValueLayout.JAVA_INT, 0)
            + "."
            + parts.getAtIndex(ValueLayout.JAVA_INT, 1);
      }
    }
  },

  /** Names of ranges for profilers; CUDA 13's library and the one before it. */
  NVTX(
      "NVTX",
      "nvtxRangePushA",
      "needed only to name ranges in Nsight Systems: install NVTX, and set CUDA_HOME or"
          + " LD_LIBRARY_PATH") {
    @Override
    List<String> names() {
      return List.of("libnvtx3interop.so.1", "libnvToolsExt.so.1");
    }

    @Override
    String version() {
      return "";
    }
  };

  private final String title;
  private final String symbol;
  private final String remedy;
  private boolean searched;
  private Optional<Path> file = Optional.empty();
  private String problem;

  CudaLibrary(String title, String symbol, String remedy) {
    this.title = title;
    this.symbol = symbol;
    this.remedy = remedy;
  }

  /** File names to look for, the best first. */
  abstract List<String> names();

  /** The version of the loaded library; empty where it has none. */
  abstract String version();

  /** The file it was loaded from, or none where it cannot be had. */
  final synchronized Optional<Path> file() {
    if (!searched) {
      search(new LibrarySearch());
      searched = true;
    }
    return file;
  }

  private void search(LibrarySearch search) {
    List<String> names = names();
    if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")) {
      problem = "it is looked for on Linux only";
    } else if (names.isEmpty()) {
      problem = "the driver is for %s only".formatted(DRIVER.version());
    } else {
      try {
        file = search.load(names, symbol);
        problem =
            "no %s is where the system's loader looks or in %s"
                .formatted(
                    String.join(" or ", names),
                    search.folders().stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(", ")));
      } catch (UnsatisfiedLinkError e) {
        problem = "it does not load: " + e.getMessage();
      }
    }
  }

  /** Whether it can be used: its version and file, or what is wrong. */
  final Availability availability() {
    return file()
        .map(found -> Availability.yes((version() + " " + found).strip()))
        .orElseGet(() -> Availability.no(problem, remedy));
  }

  /** All of them by name. */
  static Map<String, Availability> report() {
    var report = new LinkedHashMap<String, Availability>();
    for (CudaLibrary library : values()) {
      report.put(library.title, library.availability());
    }
    return report;
  }

  /** The newest CUDA that the driver runs, such as 12040 for 12.4; 0 where there is no driver. */
  static int driverVersion() {
    return DRIVER.file().isEmpty() ? 0 : number(cuda_h::cuDriverGetVersion);
  }

  /** The CUDA that a library's file belongs to. */
  static int major(Path file) {
    String name = file.getFileName().toString();
    return Integer.parseInt(name.substring(name.indexOf(".so.") + 4).split("\\.", 2)[0]);
  }

  /** {@code prefix} with those of {@code majors} that the driver runs. */
  private static List<String> underDriver(String prefix, int... majors) {
    int version = driverVersion();
    return Arrays.stream(majors)
        .filter(major -> version == 0 || major <= version / 1000)
        .mapToObj(major -> prefix + major)
        .toList();
  }

  /** A function of C that writes an int and returns a status. */
  private interface Getter {
    int get(MemorySegment value);
  }

  private static int number(Getter getter) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
      int status = getter.get(value);
      return status == cuda_h.CUDA_SUCCESS() ? value.get(ValueLayout.JAVA_INT, 0) : 0;
    }
  }
}
