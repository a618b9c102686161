package dev.galen.train.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.Device;
import dev.galen.tensor.Tensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our bytes are those that TensorBoard's own classes write, see make.py beside the fixtures. */
class EventFileTest {
  private static final long WALL_TIME = 1_700_000_000_250L;

  @TempDir Path folder;

  private static byte[] fixture(String name) throws IOException {
    try (InputStream in = EventFileTest.class.getResourceAsStream(name)) {
      assertNotNull(in, name);
      return in.readAllBytes();
    }
  }

  /** The values of make.py. */
  private static List<Double> values() {
    var positive = new ArrayList<Double>();
    for (double limit = 1e-12; limit < 1e20; limit *= 1.1) {
      positive.add(limit);
    }
    var edges = new ArrayList<Double>();
    positive.reversed().stream().filter(edge -> edge < 1e19).forEach(edge -> edges.add(-edge));
    edges.add(0.0);
    positive.stream().filter(edge -> edge < 1e19).forEach(edges::add);
    var values = new ArrayList<Double>();
    for (int i = 0; i < 41; i++) {
      values.add((i - 20) * 0.37);
    }
    for (int i = 0; i < edges.size(); i += 97) {
      values.add(edges.get(i));
    }
    values.addAll(List.of(-edges.get(700), 3e20, -3e20));
    return values;
  }

  @Test
  void aRunHasTheBytesThatTensorBoardWrites() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var histogram = new Histogram();
    values().forEach(histogram::add);
    histogram.add(Double.NaN);
    histogram.add(Double.NEGATIVE_INFINITY);
    try (var events = new EventFile(bytes, 0, () -> WALL_TIME)) {
      events
          .scalar("eval/loss", 0, 0)
          .scalar("train/loss", 1, 2.5)
          .scalar("train/loss", 300, Double.POSITIVE_INFINITY)
          .histogram("weights/h.0.c_fc.weight", 300, histogram)
          .text("samples/Wie geht es?", 70_000, "**Wie geht es?** Gut, danke für die Frage 🙂");
    }
    assertArrayEquals(fixture("new.tfevents"), bytes.toByteArray());
  }

  @Test
  void aRunThatGoesOnTellsFromWhereEarlierFilesDoNotCount() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var events = new EventFile(bytes, 8, () -> WALL_TIME)) {
      events.scalar("train/loss", 8, -1.25);
    }
    assertArrayEquals(fixture("resumed.tfevents"), bytes.toByteArray());
  }

  @Test
  void eachFileHasANameThatTensorBoardLooksFor() throws IOException {
    EventFile.in(folder.resolve("new"), 0).close();
    EventFile.in(folder.resolve("new"), 0).close();
    try (Stream<Path> files = Files.list(folder.resolve("new"))) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertEquals(2, names.size());
      assertTrue(names.getFirst().matches("events\\.out\\.tfevents\\.\\d{10}\\..*"), "" + names);
    }
  }

  /** Pieces of a tensor are read one after the other, each value times the factor. */
  @Test
  void aTensorIsCountedPieceByPiece() {
    int size = (1 << 16) + 3;
    var values = new float[size];
    var one = new Histogram();
    for (int i = 0; i < size; i++) {
      values[i] = (i % 1000 - 500) / 64f;
      one.add(values[i] * 0.5);
    }
    var whole = new Histogram().add(Tensors.of(Device.CPU, values, size), 0.5).proto().toBytes();
    assertEquals(HexFormat.of().formatHex(one.proto().toBytes()), HexFormat.of().formatHex(whole));
  }

  @Test
  void nothingIsAHistogramToo() {
    // One bucket up to the largest double, with nothing in it.
    String bytes = HexFormat.of().formatHex(new Histogram().proto().toBytes());
    assertEquals("3208ffffffffffffef7f3a080000000000000000", bytes);
  }
}
