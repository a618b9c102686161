package dev.galen.tensor;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Backends;

/**
 * A place where tensors live and kernels run: {@code cpu}, {@code cuda:0}, or {@code reference},
 * the plain-Java oracle.
 *
 * @param name the name, as {@link #of} takes it
 */
public record Device(String name) {
  /** The processor, through the fastest backend found. */
  public static final Device CPU = new Device("cpu");

  /** The processor, through the readable loops that every other backend is held against. */
  public static final Device REFERENCE = new Device("reference");

  /** A device by name; throws with reason and remedy where it is not available. */
  public static Device of(String name) {
    var device = new Device(name);
    device.backend();
    return device;
  }

  /** A card where one can be used, else the processor. */
  public static Device best() {
    return Backends.isAvailable("cuda:0") ? new Device("cuda:0") : CPU;
  }

  /** The backend that serves this device; opened at the first use, then shared. */
  public Backend backend() {
    return Backends.of(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
