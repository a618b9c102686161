package dev.galen.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.galen.kernels.cuda.binding.nvrtc_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * NVIDIA's compiler of CUDA C++ as a library. It needs neither a GPU nor a toolkit; the driver must
 * know the version of CUDA that it belongs to.
 */
final class Nvrtc {
  private Nvrtc() {}

  /**
   * What code is made for.
   *
   * @param architecture ten times the compute capability, such as 86
   * @param machineCode code of that GPU alone; else PTX, which drivers translate for every later
   *     GPU
   */
  record Target(int architecture, boolean machineCode) {
    /** The name that compilers know it by. All of Hopper is in its "a", which no other GPU runs. */
    String option() {
      return machineCode
          ? "sm_" + architecture + (architecture == 90 ? "a" : "")
          : "compute_" + architecture;
    }
  }

  /** The library, or none where {@link CudaLibrary#NVRTC} says why. */
  static Optional<Nvrtc> find() {
    return CudaLibrary.NVRTC.file().map(file -> new Nvrtc());
  }

  /** Such as {@code 13.0}. */
  String version() {
    return CudaLibrary.NVRTC.version();
  }

  /** The architectures that it makes machine code for, ascending. */
  int[] architectures() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      check("nvrtcGetNumSupportedArchs", nvrtc_h.nvrtcGetNumSupportedArchs(count));
      MemorySegment architectures = arena.allocate(JAVA_INT, count.get(JAVA_INT, 0));
      check("nvrtcGetSupportedArchs", nvrtc_h.nvrtcGetSupportedArchs(architectures));
      return IntStream.of(architectures.toArray(JAVA_INT)).sorted().toArray();
    }
  }

  /**
   * What {@code sources} are for {@code target}: an image that the driver loads.
   *
   * @throws IllegalStateException with the compiler's log where the sources do not compile
   */
  byte[] compile(KernelSources sources, Target target) {
    try (Arena arena = Arena.ofConfined()) {
      List<String> names = List.copyOf(sources.headers().keySet());
      MemorySegment created = arena.allocate(ADDRESS);
      check(
          "nvrtcCreateProgram",
          nvrtc_h.nvrtcCreateProgram(
              created,
              arena.allocateFrom(sources.text()),
              arena.allocateFrom(sources.name()),
              names.size(),
              strings(arena, names.stream().map(sources.headers()::get).toList()),
              strings(arena, names)));
      MemorySegment program = created.get(ADDRESS, 0);
      try {
        List<String> options = List.of("--gpu-architecture=" + target.option(), "--std=c++17");
        int status = nvrtc_h.nvrtcCompileProgram(program, options.size(), strings(arena, options));
        if (status == nvrtc_h.NVRTC_ERROR_COMPILATION()) {
          throw new IllegalStateException(
              "NVRTC %s cannot compile %s with %s:%n%s"
                  .formatted(version(), sources.name(), options, log(arena, program)));
        }
        check("nvrtcCompileProgram " + options, status);
        return image(arena, program, target.machineCode());
      } finally {
        nvrtc_h.nvrtcDestroyProgram(created);
      }
    }
  }

  private static byte[] image(Arena arena, MemorySegment program, boolean machineCode) {
    MemorySegment size = arena.allocate(JAVA_LONG);
    check(
        "the size of the image",
        machineCode
            ? nvrtc_h.nvrtcGetCUBINSize(program, size)
            : nvrtc_h.nvrtcGetPTXSize(program, size));
    MemorySegment image = arena.allocate(size.get(JAVA_LONG, 0));
    check(
        "the image",
        machineCode ? nvrtc_h.nvrtcGetCUBIN(program, image) : nvrtc_h.nvrtcGetPTX(program, image));
    return image.toArray(JAVA_BYTE);
  }

  private static String log(Arena arena, MemorySegment program) {
    MemorySegment size = arena.allocate(JAVA_LONG);
    check("nvrtcGetProgramLogSize", nvrtc_h.nvrtcGetProgramLogSize(program, size));
    MemorySegment log = arena.allocate(Math.max(1, size.get(JAVA_LONG, 0)));
    check("nvrtcGetProgramLog", nvrtc_h.nvrtcGetProgramLog(program, log));
    return log.getString(0);
  }

  private static MemorySegment strings(Arena arena, List<String> strings) {
    MemorySegment array = arena.allocate(ADDRESS, strings.size());
    for (int i = 0; i < strings.size(); i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(strings.get(i)));
    }
    return array;
  }

  private static void check(String what, int status) {
    if (status != nvrtc_h.NVRTC_SUCCESS()) {
      throw new IllegalStateException(
          "%s failed: %s".formatted(what, nvrtc_h.nvrtcGetErrorString(status).getString(0)));
    }
  }
}
