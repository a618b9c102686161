package dev.galen.bench.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.bench.peer.Work;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.MatmulShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterleavedTest {
  private static Work named(String name, double seconds, List<String> log) {
    return times -> {
      log.add(name);
      return times * seconds;
    };
  }

  @Test
  void samplesInTurn() throws IOException {
    var log = new ArrayList<String>();
    double[][] seconds =
        new Interleaved(3, 0, 0).time(List.of(named("a", 0.5, log), named("b", 0.25, log)));
    assertEquals(List.of("a", "b", "a", "b", "a", "b"), log.subList(log.size() - 6, log.size()));
    assertEquals(0.5, seconds[0][2]);
    assertEquals(0.25, seconds[1][0]);
  }

  @Test
  void aRowTimesRealWorkAndClosesIt() throws IOException {
    var closed = new ArrayList<String>();
    Contender ours = new Contender("Galen", () -> closing("Galen", closed));
    Contender peer = new Contender("twice", () -> closing("twice", closed));
    var row =
        new TimedRow("tiny", Unit.GFLOP_PER_SECOND, 1e6, new Cost(1e6, 1e3), ours, List.of(peer));
    Measured measured = row.measure(new Interleaved(3, 0.01, 0.001));
    assertTrue(measured.value() > 0 && measured.seconds() > 0);
    assertEquals("twice", measured.beside().getFirst().peer());
    assertEquals(
        measured.value() / measured.beside().getFirst().value(),
        measured.beside().getFirst().ratio(),
        1e-12);
    assertEquals(List.of("Galen", "twice"), closed);
  }

  private static Work closing(String name, List<String> closed) {
    Work product = attention();
    return new Work() {
      @Override
      public double run(int times) throws IOException {
        return product.run(times);
      }

      @Override
      public void close() throws IOException {
        product.close();
        closed.add(name);
      }
    };
  }

  private static Work attention() {
    return AttentionRows.forwardBackward(Device.CPU.backend(), 16);
  }

  @Test
  void aWrongProductIsRefused() {
    var shape = MatmulShape.single(2, 2, 1, false, false);
    float[] a = {1, 2};
    float[] b = {3, 4};
    MatmulRows.check(shape, a, b, new float[] {3, 4, 6, 8});
    assertThrows(
        IllegalStateException.class, () -> MatmulRows.check(shape, a, b, new float[] {3, 4, 6, 9}));
  }
}
