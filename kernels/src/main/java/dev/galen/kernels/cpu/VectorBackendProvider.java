package dev.galen.kernels.cpu;

import dev.galen.tensor.backend.Availability;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.BackendProvider;

/**
 * Offers the {@link VectorBackend} where the JVM has the Vector API. The only class of this package
 * that may be loaded where it has not: it names no type of {@code jdk.incubator.vector}, and no
 * class that does is touched before {@link #open}.
 */
public final class VectorBackendProvider implements BackendProvider {
  private static final String INCUBATOR = "jdk.incubator.vector";

  /** For ServiceLoader. */
  public VectorBackendProvider() {}

  @Override
  public String name() {
    return VectorBackend.NAME;
  }

  @Override
  public String place() {
    return VectorBackend.PLACE;
  }

  @Override
  public int priority() {
    return 10;
  }

  @Override
  public Availability availability() {
    if (ModuleLayer.boot().findModule(INCUBATOR).isEmpty()) {
      return Availability.no(
          "the JVM was started without the module " + INCUBATOR,
          "start java with --add-modules "
              + INCUBATOR
              + " (the same flag on the class path and on the module path)");
    }
    try {
      return Availability.yes(VectorBackend.describe());
    } catch (LinkageError | RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Availability.no(
          "the Vector API does not work here: " + cause.getMessage(),
          "correct the system property named, or start java without --add-modules " + INCUBATOR);
    }
  }

  @Override
  public Backend open() {
    return new VectorBackend();
  }
}
