package dev.galen.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks for libraries of the system without loading anything of JCuda. */
final class NativeLibrary {
  static final boolean WINDOWS =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

  private static final int RTLD_LAZY = 1;

  /** Where Linux's distributions, and Windows's Linux, put a driver's library. */
  private static final List<String> LOADER_FOLDERS =
      List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/lib/wsl/lib");

  private NativeLibrary() {}

  /** A name by system: {@code libcuda.so.1} or {@code nvcuda.dll}. */
  static String name(String linux, String windows) {
    return WINDOWS ? windows : linux;
  }

  /** Opens the library of this name, as the loader of the system finds it. */
  static Optional<SymbolLookup> open(String name) {
    if (!mayOpen()) {
      return Optional.empty();
    }
    try {
      return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Why the library of this name, which is there, does not load, in the words of Linux's loader;
   * empty where there is none.
   */
  static Optional<String> fault(String name) {
    if (!System.getProperty("os.name").equals("Linux") || !mayOpen() || !hasFile(name)) {
      return Optional.empty();
    }
    // Both before the first call: looking for a function forgets the error before.
    MethodHandle dlopen = libc("dlopen", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
    MethodHandle dlerror = libc("dlerror", FunctionDescriptor.of(ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      var handle = (MemorySegment) dlopen.invokeExact(arena.allocateFrom(name), RTLD_LAZY);
      if (!handle.equals(MemorySegment.NULL)) {
        return Optional.empty();
      }
      var error = (MemorySegment) dlerror.invokeExact();
      String text = error.reinterpret(Long.MAX_VALUE).getString(0);
      // Of a file that it found it gives the path.
      return text.startsWith(name + ":") ? Optional.empty() : Optional.of(text);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a call of C throws nothing", e);
    }
  }

  /** Asking the loader costs a tenth of a second, which a start without a GPU need not pay. */
  private static boolean hasFile(String name) {
    String first = System.getenv().getOrDefault("LD_LIBRARY_PATH", "");
    return Stream.concat(Stream.of(first.split(":")), LOADER_FOLDERS.stream())
        .filter(folder -> !folder.isBlank())
        .anyMatch(folder -> Files.exists(Path.of(folder, name)));
  }

  private static MethodHandle libc(String name, FunctionDescriptor type) {
    return function(Linker.nativeLinker().defaultLookup(), name, type).orElseThrow();
  }

  /** A function of {@code library}, if it is there. */
  static Optional<MethodHandle> function(
      SymbolLookup library, String name, FunctionDescriptor type) {
    return library.find(name).map(at -> Linker.nativeLinker().downcallHandle(at, type));
  }

  /**
   * A JVM that was not told to allow native access prints a warning at the first. Where there is no
   * trace of a GPU's driver it has no reason to: programs that never heard of CUDA stay silent.
   */
  static boolean mayOpen() {
    return NativeLibrary.class.getModule().isNativeAccessEnabled() || hasDriver();
  }

  private static boolean hasDriver() {
    if (WINDOWS) {
      return Files.exists(Path.of(System.getenv("SystemRoot"), "System32", "nvcuda.dll"));
    }
    return Files.exists(Path.of("/dev/nvidiactl"))
        || Files.exists(Path.of("/dev/dxg"))
        || isLoaded("/libcuda.so");
  }

  private static boolean isLoaded(String library) {
    try {
      byte[] maps = Files.readAllBytes(Path.of("/proc/self/maps"));
      return new String(maps, StandardCharsets.ISO_8859_1).contains(library);
    } catch (IOException e) {
      return false;
    }
  }
}
