package dev.galen.kernels.cuda;

import dev.galen.tensor.backend.Availability;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.BackendProvider;
import dev.galen.tensor.backend.Diagnostic;
import java.util.List;

/**
 * Offers the first NVIDIA GPU. Nothing of JCuda is loaded before driver, GPU and cuBLAS are known
 * to be there and new enough: a machine without a GPU pays for one look for a library. Where all
 * are there the GPU is opened at once, because only that proves that it can be.
 */
public final class CudaBackendProvider implements BackendProvider {
  /** Where JCuda comes from; named without touching a class of it. */
  static final String JCUDA_REMEDY =
      "add the dependency dev.galen:galen-cuda, which is JCuda with natives for this system, and on"
          + " a module path --add-modules dev.galen.cuda";

  /** For ServiceLoader. */
  public CudaBackendProvider() {}

  @Override
  public String name() {
    return CudaBackend.NAME;
  }

  @Override
  public String place() {
    return CudaBackend.PLACE;
  }

  @Override
  public int priority() {
    return 20;
  }

  @Override
  public Availability availability() {
    return Opened.FIRST.availability();
  }

  @Override
  public Backend open() {
    Opened opened = Opened.FIRST;
    if (opened.backend() == null) {
      throw new IllegalStateException(
          opened.availability().reason() + "; " + opened.availability().remedy());
    }
    return opened.backend();
  }

  @Override
  public List<Diagnostic> diagnostics() {
    return CudaLibrary.diagnostics();
  }

  /** The outcome of opening the GPU, once per process; the backend is null where it failed. */
  private record Opened(Availability availability, Backend backend) {
    static final Opened FIRST = open();

    private static Opened open() {
      try {
        Availability found = check();
        return new Opened(found, found.available() ? new CudaBackend() : null);
      } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
        return new Opened(explain(e), null);
      }
    }

    private static Availability check() {
      if (!List.of("amd64", "x86_64").contains(System.getProperty("os.arch"))) {
        return new Availability(
            false,
            "JCuda has no natives for " + System.getProperty("os.arch"),
            "use a machine with an x86-64 CPU, or compute on the cpu",
            CudaDriver.open().isEmpty());
      }
      Availability driver = CudaDriver.availability();
      if (!driver.available()) {
        return driver;
      }
      if (!hasClass("jcuda.driver.JCudaDriver") || !hasClass("jcuda.jcublas.JCublas2")) {
        return Availability.no(driver.reason() + ", but JCuda is not here", JCUDA_REMEDY);
      }
      Diagnostic cublas = CudaLibrary.CUBLAS.diagnostic();
      if (!cublas.found()) {
        return Availability.no(
            "%s, but %s is missing: %s".formatted(driver.reason(), cublas.name(), cublas.detail()),
            cublas.remedy());
      }
      return driver;
    }

    private static boolean hasClass(String name) {
      try {
        Class.forName(name, false, CudaBackendProvider.class.getClassLoader());
        return true;
      } catch (ClassNotFoundException e) {
        return false;
      }
    }

    /** Galen's own messages end in what to do, behind a semicolon. */
    private static Availability explain(Throwable e) {
      String line = firstLine(e);
      int end = line.lastIndexOf("; ");
      return Availability.no(
          "the GPU cannot be opened: " + (end < 0 ? line : line.substring(0, end)),
          end < 0
              ? "check nvidia-smi, and that the GPU has memory left; galen doctor shows each"
                  + " library"
              : line.substring(end + 2));
    }

    /** The first message from the outside in: errors of loading have none of their own. */
    private static String firstLine(Throwable e) {
      Throwable said = e;
      while (said.getCause() != null && !hasOwnMessage(said)) {
        said = said.getCause();
      }
      String message = said.getMessage() == null ? said.toString() : said.getMessage();
      return message.lines().findFirst().orElse(message);
    }

    private static boolean hasOwnMessage(Throwable e) {
      return !(e instanceof ExceptionInInitializerError)
          && e.getMessage() != null
          && !e.getMessage().equals(e.getCause().toString());
    }
  }
}
