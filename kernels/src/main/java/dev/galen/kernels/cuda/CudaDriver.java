package dev.galen.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.galen.tensor.backend.Availability;
import dev.galen.tensor.backend.Diagnostic;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/**
 * Asks the driver what is here, by the few functions that every version of it has. JCuda comes
 * after: its native half needs functions of CUDA 12, and where one is missing the process dies.
 */
final class CudaDriver {
  static final String LIBRARY = NativeLibrary.name("libcuda.so.1", "nvcuda.dll");

  /** The oldest driver that JCuda 12's natives can call, as the driver counts. */
  private static final int OLDEST = 12_000;

  /** The oldest GPUs that the kernels are written for, which have BF16: Ampere. */
  private static final int OLDEST_MAJOR = 8;

  private static final int NO_DEVICE = 100;
  private static final int MAJOR = 75;
  private static final int MINOR = 76;

  private final SymbolLookup library;

  private CudaDriver(SymbolLookup library) {
    this.library = library;
  }

  /** The driver's library, if it is installed. */
  static Optional<CudaDriver> open() {
    return NativeLibrary.open(LIBRARY).map(CudaDriver::new);
  }

  /** The driver's library, as {@code galen doctor} shows it. */
  static Diagnostic diagnostic() {
    return open()
        .map(driver -> new Diagnostic(LIBRARY, true, "for CUDA " + dotted(driver.version()), ""))
        .or(
            () ->
                fault()
                    .map(why -> new Diagnostic(LIBRARY, false, why, "reinstall the NVIDIA driver")))
        .orElseGet(() -> new Diagnostic(LIBRARY, false, "not found", "install the NVIDIA driver"));
  }

  /** Whether there is a driver and a GPU that Galen's kernels run on. */
  static Availability availability() {
    return open()
        .map(CudaDriver::check)
        .or(
            () ->
                fault()
                    .map(
                        why ->
                            Availability.no(
                                "the NVIDIA driver " + why,
                                "reinstall the NVIDIA driver, or compute on the cpu")))
        .orElseGet(
            () ->
                Availability.absent(
                    "no NVIDIA driver: " + LIBRARY + " was not found",
                    "install the NVIDIA driver, or compute on the cpu"));
  }

  private static Optional<String> fault() {
    return NativeLibrary.fault(LIBRARY).map(why -> "does not load: " + why);
  }

  private Availability check() {
    int version = version();
    if (version < OLDEST) {
      return Availability.no(
          "the NVIDIA driver is for CUDA %s, Galen needs %s"
              .formatted(dotted(version), dotted(OLDEST)),
          "update the NVIDIA driver to version 525 or newer");
    }
    int error = call("cuInit", FunctionDescriptor.of(JAVA_INT, JAVA_INT), 0);
    if (error == NO_DEVICE) {
      return noGpu();
    }
    if (error != 0) {
      return Availability.no(
          "the NVIDIA driver does not start: error %d of cuInit".formatted(error),
          "run nvidia-smi; restart the machine if the driver was just updated");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_INT);
      call("cuDeviceGetCount", FunctionDescriptor.of(JAVA_INT, ADDRESS), value);
      if (value.get(JAVA_INT, 0) == 0) {
        return noGpu();
      }
      call("cuDeviceGet", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), value, 0);
      return gpu(arena, value.get(JAVA_INT, 0), version);
    }
  }

  private static Availability noGpu() {
    return Availability.no(
        "the NVIDIA driver sees no GPU",
        "check nvidia-smi and the variable CUDA_VISIBLE_DEVICES; in a container, pass the GPU in");
  }

  private Availability gpu(Arena arena, int device, int version) {
    int length = 256;
    MemorySegment name = arena.allocate(length);
    call(
        "cuDeviceGetName",
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
        name,
        length,
        device);
    MemorySegment bytes = arena.allocate(JAVA_LONG);
    call("cuDeviceTotalMem_v2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), bytes, device);
    int major = attribute(arena, MAJOR, device);
    int minor = attribute(arena, MINOR, device);
    String gpu = "%s with compute capability %d.%d".formatted(name.getString(0), major, minor);
    if (major < OLDEST_MAJOR) {
      return Availability.no(
          "%s is too old: the kernels need %d.0".formatted(gpu, OLDEST_MAJOR),
          "use a GPU of the Ampere generation (2020) or newer, or compute on the cpu");
    }
    return Availability.yes(
        "%s, %d MiB, driver for CUDA %s"
            .formatted(gpu, bytes.get(JAVA_LONG, 0) >> 20, dotted(version)));
  }

  private int attribute(Arena arena, int attribute, int device) {
    MemorySegment value = arena.allocate(JAVA_INT);
    call(
        "cuDeviceGetAttribute",
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
        value,
        attribute,
        device);
    return value.get(JAVA_INT, 0);
  }

  /** The newest CUDA that the driver knows, such as 12040. */
  int version() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_INT);
      call("cuDriverGetVersion", FunctionDescriptor.of(JAVA_INT, ADDRESS), value);
      return value.get(JAVA_INT, 0);
    }
  }

  /** {@code 12.4} of 12040. */
  static String dotted(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  private int call(String name, FunctionDescriptor type, Object... arguments) {
    try {
      return (int)
          NativeLibrary.function(library, name, type)
              .orElseThrow(() -> new UnsatisfiedLinkError(LIBRARY + " has no function " + name))
              .invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
