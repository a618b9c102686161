package dev.galen.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.galen.tensor.backend.Finding;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/** The libraries of CUDA that Galen looks for, as {@code galen doctor} shows them. */
final class CudaLibraries {
  static final String CUBLAS_12 = NativeLibrary.name("libcublas.so.12", "cublas64_12.dll");
  private static final String CUBLAS_13 = NativeLibrary.name("libcublas.so.13", "cublas64_13.dll");
  private static final String LT_12 = NativeLibrary.name("libcublasLt.so.12", "cublasLt64_12.dll");
  private static final String LT_13 = NativeLibrary.name("libcublasLt.so.13", "cublasLt64_13.dll");
  private static final String NVRTC_12 = NativeLibrary.name("libnvrtc.so.12", "nvrtc64_120_0.dll");
  private static final String NVRTC_13 = NativeLibrary.name("libnvrtc.so.13", "nvrtc64_130_0.dll");

  static final String REMEDY =
      "install the CUDA toolkit's libraries of this major version, or put their folder on "
          + NativeLibrary.name("LD_LIBRARY_PATH", "PATH");

  private CudaLibraries() {}

  /** Each library with its version. */
  static List<Finding> find() {
    return List.of(
        driver(),
        library(CUBLAS_12, CudaLibraries::cublasVersion),
        library(CUBLAS_13, CudaLibraries::cublasVersion),
        library(LT_12, CudaLibraries::ltVersion),
        library(LT_13, CudaLibraries::ltVersion),
        library(NVRTC_12, CudaLibraries::nvrtcVersion),
        library(NVRTC_13, CudaLibraries::nvrtcVersion));
  }

  private static Finding driver() {
    return CudaDriver.open()
        .map(
            driver ->
                new Finding(
                    CudaDriver.LIBRARY,
                    true,
                    "for CUDA " + CudaDriver.dotted(driver.version()),
                    ""))
        .orElseGet(
            () -> new Finding(CudaDriver.LIBRARY, false, "not found", "install the NVIDIA driver"));
  }

  /** Asks an open library for its version. */
  private interface Question {
    String ask(SymbolLookup library, Arena arena) throws Throwable;
  }

  private static Finding library(String name, Question question) {
    Optional<SymbolLookup> library = NativeLibrary.open(name);
    if (library.isEmpty()) {
      return new Finding(name, false, "not found", REMEDY);
    }
    try (Arena arena = Arena.ofConfined()) {
      return new Finding(name, true, "version " + question.ask(library.get(), arena), "");
    } catch (Throwable e) {
      return new Finding(name, true, "does not tell its version: " + e.getMessage(), "");
    }
  }

  /** By its properties, which need no card. */
  private static String cublasVersion(SymbolLookup library, Arena arena) throws Throwable {
    MethodHandle property =
        function(library, "cublasGetProperty", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    MemorySegment values = arena.allocate(JAVA_INT, 3);
    for (int part = 0; part < 3; part++) {
      require((int) property.invoke(part, values.asSlice(4L * part)));
    }
    return "%d.%d.%d"
        .formatted(values.get(JAVA_INT, 0), values.get(JAVA_INT, 4), values.get(JAVA_INT, 8));
  }

  private static String ltVersion(SymbolLookup library, Arena arena) throws Throwable {
    long version =
        (long) function(library, "cublasLtGetVersion", FunctionDescriptor.of(JAVA_LONG)).invoke();
    return "%d.%d.%d".formatted(version / 10_000, version / 100 % 100, version % 100);
  }

  private static String nvrtcVersion(SymbolLookup library, Arena arena) throws Throwable {
    MethodHandle version =
        function(library, "nvrtcVersion", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    MemorySegment values = arena.allocate(JAVA_INT, 2);
    require((int) version.invoke(values, values.asSlice(4)));
    return "%d.%d".formatted(values.get(JAVA_INT, 0), values.get(JAVA_INT, 4));
  }

  private static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor type) {
    return NativeLibrary.function(library, name, type)
        .orElseThrow(() -> new IllegalStateException("it has no function " + name));
  }

  private static void require(int error) {
    if (error != 0) {
      throw new IllegalStateException("error " + error);
    }
  }
}
