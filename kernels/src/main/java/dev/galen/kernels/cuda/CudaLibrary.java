package dev.galen.kernels.cuda;

import dev.galen.kernels.cuda.binding.cublasLt_h;
import dev.galen.kernels.cuda.binding.cublas_h;
import dev.galen.kernels.cuda.binding.nvrtc_h;
import dev.galen.tensor.backend.Diagnostic;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * CUDA's libraries beside the driver. Each is looked for when it is first asked for, and stays
 * loaded.
 *
 * <p>The bindings look for a symbol among all loaded libraries, so that of each there must be one
 * version: cuBLASLt is the one that belongs to cuBLAS. Where the driver's version is known nothing
 * newer is taken, because a driver runs no code of a later CUDA.
 */
enum CudaLibrary {
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
      return NativeLibrary.WINDOWS
          ? List.of("cublas64_12.dll")
          : underDriver("libcublas.so.", 12, 13);
    }

    @Override
    String version() {
      return Stream.of(cublas_h.MAJOR_VERSION(), cublas_h.MINOR_VERSION(), cublas_h.PATCH_LEVEL())
          .map(CudaLibrary::property)
          .map(String::valueOf)
          .collect(Collectors.joining("."));
    }
  },

  /** Matrix products with an epilogue. */
  CUBLAS_LT(
      "cuBLASLt",
      "cublasLtCreate",
      "it comes with cuBLAS; until then a bias is added by a kernel of its own") {
    @Override
    List<String> names() {
      return CUBLAS
          .file()
          .map(file -> underDriver("libcublasLt.so.", major(file)))
          .orElse(underDriver("libcublasLt.so.", 12, 13));
    }

    @Override
    String version() {
      long version = cublasLt_h.cublasLtGetVersion();
      return version / 10_000 + "." + version / 100 % 100 + "." + version % 100;
    }
  },

  /** The compiler of kernels; its later versions know more GPUs. */
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
      return NativeLibrary.WINDOWS
          ? List.of()
          : List.of("libnvtx3interop.so.1", "libnvToolsExt.so.1");
    }

    @Override
    String version() {
      return "";
    }
  };

  private final String title;
  private final String symbol;
  private final String remedy;
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

  /**
   * The file it was loaded from, or none where it cannot be had. What is missing is looked for anew
   * each time.
   */
  final synchronized Optional<Path> file() {
    if (file.isEmpty()) {
      search(new LibrarySearch());
    }
    return file;
  }

  private void search(LibrarySearch search) {
    List<String> names = names();
    if (!NativeLibrary.mayOpen()) {
      problem = "not looked for, because there is no NVIDIA driver";
    } else if (names.isEmpty()) {
      problem =
          NativeLibrary.WINDOWS
              ? "used on Linux only"
              : "none is for a driver of CUDA " + CudaDriver.dotted(driverVersion());
    } else if (NativeLibrary.WINDOWS) {
      file =
          names.stream()
              .filter(name -> NativeLibrary.open(name).isPresent())
              .map(Path::of)
              .findFirst();
      problem = String.join(" or ", names) + " was not found";
    } else {
      load(search, names);
    }
  }

  private void load(LibrarySearch search, List<String> names) {
    try {
      file = search.load(names, symbol);
      problem =
          "no %s is where the system's loader looks or in %s"
              .formatted(
                  String.join(" or ", names),
                  search.folders().stream().map(Path::toString).collect(Collectors.joining(", ")));
    } catch (UnsatisfiedLinkError e) {
      problem = "does not load: " + e.getMessage();
    }
  }

  /** Its version and file, or what is wrong and what to do. */
  final Diagnostic diagnostic() {
    return file()
        .map(
            found ->
                new Diagnostic(
                    title,
                    true,
                    // The bindings' long is 64 bits wide, which it is not on Windows.
                    NativeLibrary.WINDOWS ? found.toString() : (version() + " in " + found).strip(),
                    ""))
        .orElseGet(() -> new Diagnostic(title, false, problem, remedy));
  }

  /** The driver and all libraries, as {@code galen doctor} shows them. */
  static List<Diagnostic> diagnostics() {
    var diagnostics = new ArrayList<Diagnostic>();
    diagnostics.add(CudaDriver.diagnostic());
    for (CudaLibrary library : values()) {
      diagnostics.add(library.diagnostic());
    }
    return diagnostics;
  }

  /** The CUDA that a library's file belongs to. */
  static int major(Path file) {
    String name = file.getFileName().toString();
    return Integer.parseInt(name.substring(name.indexOf(".so.") + 4).split("\\.", 2)[0]);
  }

  /** Linux's {@code prefix} with those of {@code majors} that the driver runs. */
  private static List<String> underDriver(String prefix, int... majors) {
    if (NativeLibrary.WINDOWS) {
      return List.of();
    }
    int version = driverVersion();
    return Arrays.stream(majors)
        .filter(major -> version == 0 || major <= version / 1000)
        .mapToObj(major -> prefix + major)
        .toList();
  }

  /** The newest CUDA that the driver runs, such as 12040; 0 where there is no driver. */
  private static int driverVersion() {
    return CudaDriver.open().map(CudaDriver::version).orElse(0);
  }

  private static int property(int which) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
      cublas_h.cublasGetProperty(which, value);
      return value.get(ValueLayout.JAVA_INT, 0);
    }
  }
}
