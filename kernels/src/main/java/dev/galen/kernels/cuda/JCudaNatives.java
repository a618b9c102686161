package dev.galen.kernels.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import jcuda.JCudaVersion;
import jcuda.LibUtils;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;

/**
 * Loads JCuda's native libraries. JCuda itself unpacks them to a fixed name in the temporary folder
 * and takes whatever file lies there, which on a shared machine may be anybody's. Here they are
 * unpacked to a new folder that only its owner can read, and JCuda is shown that folder while it
 * loads.
 */
final class JCudaNatives {
  private static final String TEMPORARY = "java.io.tmpdir";

  private static boolean driverLoaded;
  private static boolean cublasLoaded;

  private JCudaNatives() {}

  /** Loads the driver's half; nothing where it is loaded. */
  static synchronized void loadDriver() {
    if (!driverLoaded) {
      load("JCudaDriver", () -> JCudaDriver.setExceptionsEnabled(true));
      driverLoaded = true;
    }
  }

  /** Loads cuBLAS's half, which needs {@code libcublas.so.12}; nothing where it is loaded. */
  static synchronized void loadCublas() {
    if (!cublasLoaded) {
      load(
          "JCublas2",
          () -> {
            JCublas2.initialize();
            JCublas2.setExceptionsEnabled(true);
          });
      cublasLoaded = true;
    }
  }

  private static void load(String name, Runnable initialize) {
    String library = LibUtils.createPlatformLibraryName(name + "-" + JCudaVersion.get());
    String file = LibUtils.createLibraryFileName(library);
    String before = System.getProperty(TEMPORARY);
    try {
      Path folder = Files.createTempDirectory("galen-jcuda");
      Path unpacked = folder.resolve(file);
      try {
        unpack(file, unpacked);
        // First by ourselves: where something is missing this says what, and JCuda a stack trace.
        System.load(unpacked.toString());
        System.setProperty(TEMPORARY, folder.toString());
        initialize.run();
      } finally {
        System.setProperty(TEMPORARY, before);
        delete(unpacked);
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack " + file, e);
    }
  }

  private static void unpack(String file, Path target) throws IOException {
    try (InputStream in = JCudaNatives.class.getClassLoader().getResourceAsStream("lib/" + file)) {
      if (in == null) {
        throw new IllegalStateException(
            "JCuda's native library lib/%s is neither on the class path nor on the module path; %s"
                .formatted(file, CudaBackendProvider.JCUDA_REMEDY));
      }
      Files.copy(in, target);
    }
  }

  /** A loaded library can be deleted on Linux; Windows keeps it until the process ends. */
  private static void delete(Path path) throws IOException {
    if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")) {
      path.toFile().deleteOnExit();
    } else {
      Files.deleteIfExists(path);
    }
  }
}
