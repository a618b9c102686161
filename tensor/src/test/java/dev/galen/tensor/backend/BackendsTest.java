package dev.galen.tensor.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.Device;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private static final String SLOWER =
      " (computing about ten times slower, training up to thirty times)";

  private record FakeProvider(String name, String place, Availability availability, Backend backend)
      implements BackendProvider {
    @Override
    public int priority() {
      return 1;
    }

    @Override
    public Backend open() {
      return backend;
    }
  }

  private final List<String> warnings = new ArrayList<>();

  private Backend open(String name, BackendProvider... providers) {
    return Backends.open(name, List.of(providers), warnings::add);
  }

  @Test
  void opensEachBackendOnce() {
    assertSame(Device.REFERENCE.backend(), Device.of("reference").backend());
    assertEquals("reference", Device.REFERENCE.backend().name());
  }

  @Test
  void namesAnUnknownDevice() {
    var error = assertThrows(IllegalArgumentException.class, () -> Device.of("tpu"));
    assertTrue(error.getMessage().startsWith("no backend for device 'tpu'; known: cpu, "));
    assertTrue(error.getMessage().endsWith("reference"), error.getMessage());
  }

  @Test
  void saysWhyAKnownDeviceCannotBeUsed() {
    var gpu =
        new FakeProvider(
            "cuda", "cuda:0", Availability.no("no driver found", "install driver 580"), null);
    var unusable = assertThrows(IllegalArgumentException.class, () -> open("cuda:0", gpu));
    assertEquals(
        "device 'cuda:0' cannot be used: backend cuda: no driver found; install driver 580",
        unusable.getMessage());
    var unknown = assertThrows(IllegalArgumentException.class, () -> open("cuda:7", gpu));
    assertEquals(
        "no backend for device 'cuda:7'; known: cpu, cuda:0, reference", unknown.getMessage());
  }

  @Test
  void saysWhyAGpuThatIsHereIsPassedOver() {
    var refused = new FakeProvider("a", "cuda:0", Availability.no("it is old", "buy"), null);
    var absent = new FakeProvider("b", "cuda:0", Availability.absent("no driver", "get it"), null);
    var usable = new FakeProvider("c", "cuda:0", Availability.yes("a GPU"), null);
    assertEquals(
        Optional.of("it is old; buy"), Backends.passedOver("cuda:0", List.of(absent, refused)));
    assertEquals(Optional.empty(), Backends.passedOver("cuda:0", List.of(absent)));
    assertEquals(Optional.empty(), Backends.passedOver("cuda:0", List.of(refused, usable)));
    assertEquals(Optional.empty(), Backends.passedOver("cuda:1", List.of(refused)));
  }

  @Test
  void takesTheFirstThatIsAvailable() {
    var wanted = new ReferenceBackend();
    var missing = new FakeProvider("a", "cpu", Availability.no("no flag", "add it"), null);
    var elsewhere =
        new FakeProvider("b", "cuda:0", Availability.yes("a GPU"), new ReferenceBackend());
    var found = new FakeProvider("c", "cpu", Availability.yes("vectors"), wanted);
    assertSame(wanted, open("cpu", missing, elsewhere, found));
    assertEquals(List.of(), warnings);
  }

  @Test
  void theReferenceServesTheProcessorWithOneWarning() {
    var missing =
        new FakeProvider(
            "vector", "cpu", Availability.no("no vectors", "add --add-modules x"), null);
    assertSame(Backends.of("reference"), open("cpu", missing));
    assertSame(Backends.of("reference"), open("cpu"));
    assertEquals(
        List.of(
            "galen: backend vector: no vectors; add --add-modules x" + SLOWER,
            "galen: no fast CPU backend was found; add galen-kernels to the class or module path"
                + SLOWER),
        warnings);
  }
}
