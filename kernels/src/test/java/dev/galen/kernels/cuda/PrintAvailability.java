package dev.galen.kernels.cuda;

import dev.galen.tensor.Device;
import dev.galen.tensor.backend.Availability;

/** The program that {@link AvailabilityTest} starts: one look at this machine, without JUnit. */
final class PrintAvailability {
  private PrintAvailability() {}

  public static void main(String[] args) {
    Availability found = new CudaBackendProvider().availability();
    System.out.println(found.available());
    System.out.println(found.reason());
    System.out.println(found.remedy());
    System.out.println(Device.passedOver().orElse(""));
  }
}
