package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything about compiling at run time that needs no GPU; the library is NVIDIA's own. */
class NvrtcTest {
  private static final Map<String, String> FILES =
      Map.of(
          "doubled.cu",
          """
          #include "factor.cuh"
            #  include "absent.cuh"
          extern "C" __global__ void doubled(float* x) { x[threadIdx.x] *= FACTOR; }
          """,
          "factor.cuh",
          "#pragma once\n#include \"number.cuh\"\n#define FACTOR NUMBER\n",
          "number.cuh",
          "#define NUMBER 2\n");

  @TempDir Path folder;

  private static KernelSources sources(Map<String, String> files) {
    return KernelSources.of("doubled.cu", files::get);
  }

  /** {@link #FILES} without the include of a file that is not there. */
  private static KernelSources compilable() {
    return sources(with("doubled.cu", FILES.get("doubled.cu").replaceFirst("#  include.*", "")));
  }

  private static Map<String, String> with(String name, String text) {
    var files = new HashMap<>(FILES);
    files.put(name, text);
    return files;
  }

  @Test
  void includesAreFollowedAndAbsentOnesLeftOut() {
    assertEquals(
        Map.of("factor.cuh", FILES.get("factor.cuh"), "number.cuh", FILES.get("number.cuh")),
        sources(FILES).headers());
  }

  @Test
  void fingerprintChangesWithAnyFile() {
    String fingerprint = sources(FILES).fingerprint();
    assertEquals(fingerprint, sources(Map.copyOf(FILES)).fingerprint());
    for (String name : FILES.keySet()) {
      assertFalse(
          fingerprint.equals(sources(with(name, FILES.get(name) + "\n")).fingerprint()), name);
    }
  }

  @Test
  void targetIsTheGpuOrPtxOfTheLastOneBefore() {
    int[] known = {75, 80, 86, 90};
    assertEquals("sm_86", NvrtcCompiler.target(86, known).option());
    assertEquals("sm_90a", NvrtcCompiler.target(90, known).option());
    assertEquals("compute_86", NvrtcCompiler.target(89, known).option());
    assertEquals("compute_90", NvrtcCompiler.target(120, known).option());
    var tooOld = assertThrows(IllegalStateException.class, () -> NvrtcCompiler.target(70, known));
    assertTrue(tooOld.getMessage().contains("[75, 80, 86, 90], and this GPU's is 70"));
  }

  @Test
  void cacheIsTheUsers() {
    Path home = Path.of("/home/ada");
    assertEquals(
        home.resolve(".cache/galen/cuda"), NvrtcCompiler.userCache(Map.of("HOME", "x"), home));
    assertEquals(
        Path.of("/scratch/galen/cuda"),
        NvrtcCompiler.userCache(Map.of("XDG_CACHE_HOME", "/scratch"), home));
  }

  /** With the library that {@code LD_LIBRARY_PATH} or a toolkit brings. */
  @Nested
  class WithLibrary {
    private final List<String> warnings = new ArrayList<>();
    private Nvrtc nvrtc;

    @BeforeEach
    void find() {
      var library = CudaLibrary.NVRTC.diagnostic();
      assumeTrue(library.found(), () -> "NVRTC is not here: " + library.detail());
      nvrtc = Nvrtc.find().orElseThrow();
    }

    private NvrtcCompiler compiler(KernelSources sources) {
      return new NvrtcCompiler(sources, folder.resolve("cache"), warnings::add);
    }

    private List<String> cached() throws IOException {
      try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
        return files.map(file -> file.getFileName().toString()).sorted().toList();
      }
    }

    /** The oldest GPU that is served, and one with instructions of its own. */
    @Test
    void kernelsOfTheJarCompile() {
      KernelSources kernels = KernelSources.ofJar();
      requireElf(nvrtc.compile(kernels, new Nvrtc.Target(80, true)));
      requireElf(nvrtc.compile(kernels, new Nvrtc.Target(90, true)));
    }

    private static void requireElf(byte[] image) {
      assertEquals("\u007fELF", new String(image, 0, 4, StandardCharsets.ISO_8859_1));
    }

    @Test
    void ptxCarriesTheKernelsName() {
      String ptx =
          new String(
              nvrtc.compile(compilable(), new Nvrtc.Target(80, false)), StandardCharsets.US_ASCII);
      assertTrue(ptx.contains(".target sm_80") && ptx.contains(".entry doubled("), ptx);
      assertTrue(ptx.endsWith("\0"), "the driver reads PTX up to a zero");
    }

    @Test
    void errorCarriesTheCompilersLog() {
      KernelSources wrong = sources(with("number.cuh", "#define NUMBER missing\n"));
      var error =
          assertThrows(
              IllegalStateException.class, () -> nvrtc.compile(wrong, new Nvrtc.Target(80, true)));
      assertTrue(error.getMessage().contains("doubled.cu(2)"), error.getMessage());
    }

    @Test
    void secondCallReadsWhatTheFirstKept() throws IOException {
      byte[] first = compiler(compilable()).compile(8, 6).orElseThrow();
      requireElf(first);
      List<String> kept = cached();
      assertEquals(1, kept.size());
      assertTrue(kept.getFirst().endsWith("-" + nvrtc.version() + "-sm_86.cubin"), kept.toString());
      assertArrayEquals(first, compiler(compilable()).compile(8, 6).orElseThrow());

      // Proof that it was read: what lies there comes back.
      Files.writeString(folder.resolve("cache").resolve(kept.getFirst()), "kept");
      assertEquals(
          "kept",
          new String(
              compiler(compilable()).compile(8, 6).orElseThrow(), StandardCharsets.US_ASCII));
      assertEquals(List.of(), warnings);
    }

    @Test
    void otherSourcesAndOtherGpusAreKeptApart() throws IOException {
      compiler(compilable()).compile(8, 6);
      compiler(compilable()).compile(8, 9);
      compiler(sources(Map.of("doubled.cu", "// nothing\n"))).compile(8, 6);
      assertEquals(3, cached().size());
    }

    @Test
    void cacheThatCannotBeWrittenCostsOnlyAWarning() throws IOException {
      Files.writeString(folder.resolve("cache"), "a file where the folder would be");
      requireElf(compiler(compilable()).compile(8, 0).orElseThrow());
      assertEquals(1, warnings.size());
      assertTrue(warnings.getFirst().contains("cannot keep compiled kernels"), warnings.toString());
    }
  }
}
