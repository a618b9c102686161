package dev.galen.model.hf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Weight;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of each parameter that a model asks a file for. */
class LoadedWeightsTest {
  private static final Shape MATRIX = Shape.of(2, 32);

  @TempDir Path folder;

  private TensorFiles file(Map<String, Tensor> tensors) throws IOException {
    Path file = folder.resolve("model.safetensors");
    WeightFiles.write(tensors, file);
    return TensorFiles.open(file);
  }

  private static Tensor ramp(int... dims) {
    var values = new float[Math.toIntExact(Shape.of(dims).size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return Tensors.of(Device.CPU, values, dims);
  }

  private static LoadedWeights weights(
      TensorFiles files, WeightFormat format, List<String> names, String... initialised) {
    var byPath = new LinkedHashMap<String, String>();
    names.forEach(name -> byPath.put(name, "file." + name));
    return new LoadedWeights(
        Device.CPU, files, byPath, new Philox(1), format, List.of(initialised));
  }

  @Test
  void eachTensorIsReportedAsWhatItWas() throws IOException {
    try (TensorFiles files =
        file(
            Map.of(
                "file.a", ramp(2),
                "file.half", ramp(3).to(DType.F16),
                "file.b", ramp(4),
                "file.ids", Tensors.of(Device.CPU, new int[] {1}, 1),
                "file.left", ramp(1)))) {
      LoadedWeights weights =
          weights(files, WeightFormat.F32, List.of("a", "half", "b", "ids", "left"), "new");
      assertArrayEquals(
          new float[] {0, 1}, weights.get("a", Shape.of(2), Initializer.ONES).toFloats());
      Tensor half = weights.get("half", Shape.of(3), Initializer.ONES);
      assertEquals(DType.F32, half.dtype());
      assertArrayEquals(new float[] {0, 1, 2}, half.toFloats());
      assertTrue(weights.areAsAsked());
      assertArrayEquals(
          new float[] {1, 1, 1}, weights.get("new", Shape.of(3), Initializer.ONES).toFloats());
      assertFalse(weights.areAsAsked());
      // These are never used: one element looks like all.
      assertEquals(MATRIX, weights.get("absent", MATRIX, Initializer.ONES).shape());
      assertEquals(Shape.of(9), weights.get("b", Shape.of(9), Initializer.ONES).shape());
      assertEquals(Shape.of(1), weights.get("ids", Shape.of(1), Initializer.ONES).shape());
      assertEquals(
          new LoadReport(
              List.of("a", "half"),
              List.of("new", "absent"),
              List.of("file.left"),
              List.of(
                  "file.b is F32[4] in the file, the config wants F32[9]",
                  "file.ids is I32[1] in the file, the config wants F32[1]")),
          weights.report());
    }
  }

  @Test
  void matricesThatLieByOutputsArePacked() throws IOException {
    try (TensorFiles files =
        file(
            Map.of(
                "file.w", ramp(2, 32),
                "file.other", ramp(2, 32),
                "file.wide", ramp(3, 32),
                "file.late", ramp(2, 32)))) {
      LoadedWeights weights =
          weights(files, WeightFormat.INT8, List.of("w", "other", "wide", "late"));
      Weight packed = weights.weight("w", MATRIX, true, Initializer.ZEROS);
      assertInstanceOf(Weight.Packed.class, packed);
      Tensor rows = packed.rows(Tensors.of(Device.CPU, new int[] {1}, 1));
      assertEquals(63, rows.toFloats()[31], 0.5);
      // By inputs it is turned first.
      assertInstanceOf(
          Weight.Packed.class, weights.weight("other", MATRIX, false, Initializer.ZEROS));
      assertEquals(WeightFormat.INT8, weights.format());
      assertEquals(List.of("w", "other"), weights.report().loaded());
      // After a fault the model is not going to be used.
      assertInstanceOf(Weight.Dense.class, weights.weight("wide", MATRIX, true, Initializer.ZEROS));
      assertEquals(WeightFormat.F32, weights.format());
      assertInstanceOf(Weight.Dense.class, weights.weight("late", MATRIX, true, Initializer.ZEROS));
      assertInstanceOf(
          Weight.Dense.class, weights.weight("absent", MATRIX, true, Initializer.ZEROS));
      assertEquals(List.of("w", "other", "late"), weights.report().loaded());
      assertEquals(List.of(), weights.report().unexpected());
    }
  }

  @Test
  void aTypeThatNothingComputesWithIsNamed() throws IOException {
    String header = "{\"trunk.w\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[0,2]}}";
    header = header + " ".repeat(8 - header.length() % 8);
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 2).order(ByteOrder.LITTLE_ENDIAN);
    Path file =
        Files.write(folder.resolve("f8.safetensors"), bytes.putLong(text.length).put(text).array());
    String fault =
        "trunk.w is of type F8_E4M3, with which Galen does not compute; convert it to F32, F16 or"
            + " BF16";
    for (String path : List.of("trunk.w", "model.trunk.w")) {
      try (TensorFiles files = TensorFiles.open(file)) {
        LoadedWeights weights = weights(files, WeightFormat.F32, List.of());
        assertEquals(Shape.of(2), weights.get(path, Shape.of(2), Initializer.ONES).shape());
        assertEquals(List.of(fault), weights.report().wrongShape());
        assertEquals(List.of(), weights.report().missing());
        weights.get("trunk.v", Shape.of(2), Initializer.ONES);
        assertEquals(List.of("trunk.v"), weights.report().missing());
      }
    }
  }

  /** A config of a million layers is told from the first hundred. */
  @Test
  void faultsEndTheLoading() throws IOException {
    try (TensorFiles files = file(Map.of("file.b", ramp(4)))) {
      LoadedWeights weights = weights(files, WeightFormat.F32, List.of("b", "later"));
      weights.get("b", Shape.of(5), Initializer.ONES);
      for (int i = 1; i < 100; i++) {
        weights.get("absent." + i, Shape.of(2), Initializer.ONES);
      }
      assertThrows(
          LoadedWeights.TooManyFaults.class,
          () -> weights.get("absent.100", Shape.of(2), Initializer.ONES));
      assertEquals(List.of(), weights.report().unexpected(), "what was not asked for yet");
    }
  }

  @Test
  void anOutlineHasShapesAlone() throws IOException {
    try (TensorFiles files = file(Map.of("file.w", ramp(2, 32)))) {
      LoadedWeights weights =
          LoadedWeights.outline(Device.CPU, files, Map.of("w", "file.w", "v", "file.v"));
      assertFalse(weights.areAsAsked());
      assertArrayEquals(
          new float[64], weights.get("w", MATRIX, Initializer.ONES).contiguous().toFloats());
      assertEquals(List.of("w"), weights.report().loaded());
    }
    var none = LoadedWeights.outline(Device.CPU);
    assertFalse(none.areAsAsked());
    assertEquals(MATRIX, none.get("w", MATRIX, Initializer.ONES).shape());
  }
}
