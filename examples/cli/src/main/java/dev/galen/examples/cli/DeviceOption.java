package dev.galen.examples.cli;

import dev.galen.tensor.Device;
import picocli.CommandLine.Option;

/** Where a command computes. */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "cpu|cuda:0",
      description = "Where to compute (default: a GPU that can be used, else the CPU).")
  private String name;

  /** What was given, else null. */
  String name() {
    return name;
  }

  /** Refuses a device that is not here. */
  void check() {
    if (name != null) {
      Device.of(name);
    }
  }

  /**
   * Where a GPU is here, cannot be used and was not asked for, a line on standard error says why.
   */
  void tellPassedOver() {
    if (name == null) {
      Device.passedOver().ifPresent(why -> System.err.println("galen: " + why));
    }
  }

  /**
   * The device that was given, else the best one; where there is a GPU that cannot be used, a line
   * on standard error says why.
   *
   * @throws IllegalArgumentException if the given one is not here, with what to do
   */
  Device open() {
    tellPassedOver();
    return name == null ? Device.best() : Device.of(name);
  }
}
