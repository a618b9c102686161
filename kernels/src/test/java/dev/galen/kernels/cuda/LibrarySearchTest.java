package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {
  @TempDir Path folder;

  private Path toolkit(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name).resolve("lib64"));
  }

  @Test
  void toolkitsThatAreNamedComeFirstThenTheLatestInstalled() throws IOException {
    Path old = toolkit("usr/cuda-12.4");
    Path latest = toolkit("usr/cuda-13.0");
    var search =
        new LibrarySearch(
            Map.of("CUDA_HOME", "/opt/mine", "CUDA_PATH", " "), folder.resolve("usr"));
    assertEquals(
        List.of(Path.of("/opt/mine/lib64"), folder.resolve("usr/cuda/lib64"), latest, old),
        search.folders());
  }

  @Test
  void nothingFoundIsNoError() {
    var search = new LibrarySearch(Map.of(), folder);
    assertEquals(Optional.empty(), search.load(List.of("libgalen-absent.so.1"), "absent"));
  }

  @Test
  void bindingsSeeWhatAToolkitHas() throws Exception {
    Path lib = toolkit("home");
    Path library = compile(lib.resolve("libgalen-probe.so.12"), "galenProbe");
    var search = new LibrarySearch(Map.of("CUDA_HOME", folder.resolve("home").toString()), folder);
    List<String> names = List.of("libgalen-probe.so.13", "libgalen-probe.so.12");
    assertEquals(Optional.of(library), search.load(names, "galenProbe"));
    assertTrue(SymbolLookup.loaderLookup().find("galenProbe").isPresent());

    // Loaded once, it is found by name alone, as every library that somebody else loaded.
    Path other = Files.createDirectory(folder.resolve("other"));
    assertEquals(
        Optional.of(library), new LibrarySearch(Map.of(), other).load(names, "galenProbe"));
  }

  @Test
  void fileThatIsNoLibraryIsAnErrorThatNamesIt() throws IOException {
    Path lib = toolkit("home");
    Files.createFile(lib.resolve("libgalen-empty.so.12"));
    var search = new LibrarySearch(Map.of("CUDA_HOME", folder.resolve("home").toString()), folder);
    var error =
        assertThrows(
            UnsatisfiedLinkError.class,
            () -> search.load(List.of("libgalen-empty.so.12"), "empty"));
    assertTrue(error.getMessage().contains("libgalen-empty.so.12"), error.getMessage());
  }

  @Test
  void majorIsReadFromTheFilesName() {
    assertEquals(12, CudaLibrary.major(Path.of("/x.so.9/libcublas.so.12")));
    assertEquals(13, CudaLibrary.major(Path.of("/x/libcublas.so.13.1.1")));
  }

  private static Path compile(Path library, String function) throws Exception {
    boolean compiler =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "gcc")));
    assumeTrue(compiler, "gcc is not here, so that there is no library to look for");
    Path source = library.resolveSibling("probe.c");
    Files.writeString(source, "int " + function + "(void) { return 7; }\n");
    var gcc =
        new ProcessBuilder(
                "gcc",
                "-shared",
                "-fPIC",
                "-Wl,-soname," + library.getFileName(),
                "-o",
                library.toString(),
                source.toString())
            .inheritIO()
            .start();
    assertEquals(0, gcc.waitFor());
    return library;
  }
}
