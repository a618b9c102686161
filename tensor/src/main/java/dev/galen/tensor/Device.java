package dev.galen.tensor;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Backends;
import java.util.Optional;

/**
 * A place where tensors live and kernels run: {@code cpu}, {@code cuda:0}, or {@code reference},
 * the plain-Java oracle.
 *
 * @param name the name, as {@link #of} takes it
 */
public record Device(String name) {
  private static final String GPU = "cuda:0";

  /** The CPU, through the fastest backend found. */
  public static final Device CPU = new Device("cpu");

  /** The CPU, through the readable loops that every other backend is held against. */
  public static final Device REFERENCE = new Device("reference");

  /** A device by name; throws with reason and remedy where it is not available. */
  public static Device of(String name) {
    var device = new Device(name);
    device.backend();
    return device;
  }

  /**
   * A GPU where one can be used, else the CPU, without a word; {@link #passedOver} says why a GPU
   * that is here is not used.
   */
  public static Device best() {
    return Backends.isAvailable(GPU) ? new Device(GPU) : CPU;
  }

  /**
   * Why {@link #best} is the CPU on a machine with a GPU's driver, and what to do, for a program to
   * tell: {@code cuda:0 is not used: the driver sees no GPU; check nvidia-smi}. Empty where the GPU
   * is used, and where there is no driver.
   */
  public static Optional<String> passedOver() {
    return Backends.passedOver(GPU).map(why -> GPU + " is not used: " + why);
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
