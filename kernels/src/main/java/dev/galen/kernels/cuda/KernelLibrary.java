package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.UnsupportedKernelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.CudaException;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/**
 * The compiled kernels. Looked for in this order: the file named by the system property {@code
 * galen.cuda.image}; the fatbin in the jar, which nvcc made when Galen was built; what a {@link
 * KernelCompiler} makes of the sources in the jar.
 */
final class KernelLibrary {
  /** Names a file that is loaded in place of the jar's image. */
  static final String IMAGE_PROPERTY = "galen.cuda.image";

  private static final String FATBIN = "galen.fatbin";

  private final Backend backend;
  private final CUmodule module;
  private final EnumMap<DType, Map<String, Kernel>> kernels = new EnumMap<>(DType.class);

  private KernelLibrary(Backend backend, CUmodule module) {
    this.backend = backend;
    this.module = module;
    for (DType dtype : DType.values()) {
      kernels.put(dtype, new ConcurrentHashMap<>());
    }
  }

  /** Loads the kernels into the current context, a GPU of compute capability major.minor. */
  static KernelLibrary load(Backend backend, KernelCompiler compiler, int major, int minor) {
    return new KernelLibrary(backend, module(compiler, major, minor));
  }

  private static CUmodule module(KernelCompiler compiler, int major, int minor) {
    String file = System.getProperty(IMAGE_PROPERTY);
    if (file != null) {
      return loadNamed(Path.of(file));
    }
    byte[] fatbin = resource();
    CudaException refused = null;
    if (fatbin != null) {
      try {
        return load(fatbin);
      } catch (CudaException e) {
        refused = e;
      }
    }
    Optional<byte[]> compiled = compiler.compile(major, minor);
    if (compiled.isPresent()) {
      return load(compiled.get());
    }
    throw new IllegalStateException(
        "no CUDA kernels for compute capability %d.%d: %s, or install NVRTC"
            .formatted(
                major,
                minor,
                fatbin == null
                    ? "this build of Galen carries no image (when it was built, nvcc was not there,"
                        + " failed, or was not asked for want of a GPU); build it again where"
                        + " nvcc and the GPU are"
                    : "the driver refused the image in the jar ("
                        + refused.getMessage()
                        + "); update the NVIDIA driver"),
        refused);
  }

  private static CUmodule load(byte[] image) {
    var module = new CUmodule();
    JCudaDriver.cuModuleLoadData(module, image);
    return module;
  }

  private static CUmodule loadNamed(Path file) {
    try {
      return load(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the file %s cannot be read; name another one in %s, or none"
              .formatted(file, IMAGE_PROPERTY),
          e);
    } catch (CudaException e) {
      throw new IllegalStateException(
          "the driver refused the image %s (%s); name another one in %s, or none"
              .formatted(file, e.getMessage(), IMAGE_PROPERTY),
          e);
    }
  }

  private static byte[] resource() {
    try (InputStream in = KernelLibrary.class.getResourceAsStream(FATBIN)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the CUDA kernels in Galen's jar cannot be read", e);
    }
  }

  /** The kernel {@code name_suffix}, such as {@code layerNorm_bf16}. */
  Kernel kernel(String name, DType dtype) {
    Kernel kernel = kernels.get(dtype).get(name);
    return kernel != null
        ? kernel
        : find(name, dtype, name + "_" + dtype.name().toLowerCase(Locale.ROOT));
  }

  /** The kernel of exactly this name, which {@code dtype} is computed by. */
  Kernel exactly(String name, DType dtype) {
    Kernel kernel = kernels.get(dtype).get(name);
    return kernel != null ? kernel : find(name, dtype, name);
  }

  private Kernel find(String name, DType dtype, String exported) {
    var function = new CUfunction();
    try {
      JCudaDriver.cuModuleGetFunction(function, module, exported);
    } catch (CudaException e) {
      var unsupported = new UnsupportedKernelException(backend, name, dtype);
      unsupported.initCause(e);
      throw unsupported;
    }
    var kernel = new Kernel(function);
    kernels.get(dtype).put(name, kernel);
    return kernel;
  }
}
