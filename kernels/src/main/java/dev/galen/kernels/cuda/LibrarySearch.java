package dev.galen.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds shared libraries by file name: where the system's loader does ({@code LD_LIBRARY_PATH}, the
 * folders that ldconfig knows, and what this process has loaded before), then in folders of CUDA
 * toolkits. What is found is loaded into this class's loader, among whose libraries the bindings
 * look for their symbols.
 */
final class LibrarySearch {
  /** {@code Dl_info} of dlfcn.h: a file's name, where it is loaded, a symbol's name and address. */
  private static final MemoryLayout DL_INFO = MemoryLayout.sequenceLayout(4, ADDRESS);

  private static final Path INSTALLED = Path.of("/usr/local");

  private final List<Path> folders;

  /** Searches the toolkits that {@code environment} names, then those under {@code installed}. */
  LibrarySearch(Map<String, String> environment, Path installed) {
    var toolkits = new ArrayList<Path>();
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      String value = environment.getOrDefault(variable, "");
      if (!value.isBlank()) {
        toolkits.add(Path.of(value));
      }
    }
    toolkits.add(installed.resolve("cuda"));
    toolkits.addAll(list(installed, "cuda-*"));
    folders = toolkits.stream().map(toolkit -> toolkit.resolve("lib64")).distinct().toList();
  }

  LibrarySearch() {
    this(System.getenv(), INSTALLED);
  }

  /** Where toolkits are looked for. */
  List<Path> folders() {
    return folders;
  }

  /**
   * Loads the first of {@code names} that is there, and gives its file.
   *
   * @param symbol a function that it exports
   * @throws UnsatisfiedLinkError where a toolkit's file does not load
   */
  Optional<Path> load(List<String> names, String symbol) {
    for (String name : names) {
      Optional<Path> found = byLoader(name, symbol).or(() -> inToolkit(name));
      if (found.isPresent()) {
        loadCompanions(found.get());
        System.load(found.get().toString());
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> byLoader(String name, String symbol) {
    try {
      return SymbolLookup.libraryLookup(name, Arena.global())
          .find(symbol)
          .map(LibrarySearch::fileOf);
    } catch (IllegalArgumentException missing) {
      return Optional.empty();
    }
  }

  private Optional<Path> inToolkit(String name) {
    return folders.stream().map(folder -> folder.resolve(name)).filter(Files::exists).findFirst();
  }

  /**
   * Loads what the library needs from its own folder, where the system's loader may not look: a
   * toolkit's libraries need not name their folder, and NVRTC opens its builtins by name alone.
   */
  private static void loadCompanions(Path library) {
    String name = library.getFileName().toString();
    if (name.startsWith("libnvrtc.")) {
      list(library.resolveSibling("."), "libnvrtc-builtins.so.*")
          .forEach(builtins -> System.load(builtins.toString()));
    } else if (name.startsWith("libcublas.")) {
      Path light = library.resolveSibling(name.replace("libcublas.", "libcublasLt."));
      if (Files.exists(light)) {
        System.load(light.toString());
      }
    }
  }

  /** The entries of {@code folder} that match {@code glob}, the last name first. */
  private static List<Path> list(Path folder, String glob) {
    var entries = new ArrayList<Path>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
        stream.forEach(entry -> entries.add(entry.toAbsolutePath().normalize()));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot list " + folder, e);
      }
    }
    entries.sort(Collections.reverseOrder());
    return entries;
  }

  /** The file that the code at {@code address} was loaded from. */
  private static Path fileOf(MemorySegment address) {
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(DL_INFO);
      int known =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("dladdr"),
                      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS))
                  .invokeExact(address, info);
      if (known == 0) {
        throw new IllegalStateException("dladdr does not know the library that was just loaded");
      }
      String file = info.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
      return Path.of(file).toAbsolutePath();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a call of C throws nothing", e);
    }
  }
}
