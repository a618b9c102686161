package dev.galen.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.memory.MemoryScope;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code numpy_text.txt} has numpy's own text; {@code make_numpy_text.py} wrote it. */
class TensorTextTest {
  private record Case(String view, DType dtype, int[] dims, String values, String text) {
    @Override
    public String toString() {
      return view + dtype + Arrays.toString(dims) + " " + values;
    }
  }

  static List<Case> numpysTexts() throws IOException {
    var cases = new ArrayList<Case>();
    try (InputStream file = TensorTextTest.class.getResourceAsStream("numpy_text.txt")) {
      String all = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      for (String part : all.substring(2).split("\n= ")) {
        String[] lines = part.split("\n", 2);
        String[] fields = lines[0].split(" ", 3);
        String view = fields[0].startsWith("T") || fields[0].startsWith("S") ? fields[0] : "";
        int[] dims =
            fields[1].equals("-")
                ? new int[0]
                : Arrays.stream(fields[1].split(",")).mapToInt(Integer::parseInt).toArray();
        cases.add(
            new Case(
                view.isEmpty() ? "" : view.substring(0, 1),
                DType.valueOf(view.isEmpty() ? fields[0] : fields[0].substring(1)),
                dims,
                fields[2],
                lines[1].stripTrailing()));
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("numpysTexts")
  void valuesReadAsNumpysDo(Case wanted) {
    try (var scope = MemoryScope.open("test")) {
      Tensor tensor = tensor(wanted);
      String text = tensor.toString();
      String kind = wanted.dtype + tensor.shape().toString() + " on reference\n";
      assertEquals(kind + wanted.text, text);
    }
  }

  private static Tensor tensor(Case wanted) {
    Shape shape = Shape.of(wanted.dims);
    Tensor tensor;
    if (wanted.values.startsWith("i*")) {
      String[] factors = wanted.values.substring(2).split("\\+");
      var values = new double[(int) shape.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = i * Double.parseDouble(factors[0]) + Double.parseDouble(factors[1]);
      }
      tensor = Tensors.of(Device.REFERENCE, values, wanted.dims).to(wanted.dtype);
    } else if (wanted.dtype == DType.I64) {
      long[] values = parts(wanted).mapToLong(Long::parseLong).toArray();
      var memory = MemorySegment.ofArray(values);
      tensor = Tensors.upload(Device.REFERENCE.backend(), DType.I64, memory, wanted.dims);
    } else {
      double[] values = parts(wanted).mapToDouble(TensorTextTest::number).toArray();
      tensor = Tensors.of(Device.REFERENCE, values, wanted.dims).to(wanted.dtype);
    }
    return switch (wanted.view) {
      case "T" -> tensor.permute(reversed(shape.rank()));
      case "S" -> tensor.slice(-1, 1, tensor.dim(-1));
      default -> tensor;
    };
  }

  private static Stream<String> parts(Case wanted) {
    return Arrays.stream(wanted.values.split(" ")).filter(part -> !part.isEmpty());
  }

  private static double number(String text) {
    return switch (text) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static int[] reversed(int rank) {
    var order = new int[rank];
    Arrays.setAll(order, i -> rank - 1 - i);
    return order;
  }

  @Test
  void aFreedTensorSaysWhatFreedIt() {
    Tensor tensor;
    try (var scope = MemoryScope.open("step")) {
      tensor = Tensors.of(Device.REFERENCE, new float[] {1, 2}, 2);
    }
    assertEquals("F32[2] on reference, freed by the end of scope 'step'", tensor.toString());
  }

  @Test
  void aGradientIsWantedInTheFirstLine() {
    Tensor tensor = Tensors.of(Device.REFERENCE, new float[] {1, 2}, 2).requireGrad();
    assertEquals("F32[2] requiring grad on reference\n[1. 2.]", tensor.toString());
    assertEquals("F32[2] requiring grad", tensor.describe());
  }

  /** NumPy has no BF16: it is printed by the digits that tell its numbers apart. */
  @Test
  void bFloat16HasDigitsOfItsOwn() {
    Tensor tensor = Tensors.of(Device.REFERENCE, new float[] {0.1f, 2.5f}, 2).to(DType.BF16);
    assertEquals("BF16[2] on reference\n[0.1 2.5]", tensor.toString());
  }

  @Test
  void onlyWhatIsPrintedIsCopied() {
    var backend = Device.REFERENCE.backend();
    Tensor large =
        new Tensor(
            Tensors.of(Device.REFERENCE, new float[] {1}, 1).span(),
            Layout.strided(Shape.of(1 << 20, 1 << 15), 0, 0)); // 128 GiB if it were copied
    long before = backend.memory().peak();
    assertTrue(large.toString().endsWith(" [1. 1. 1. ... 1. 1. 1.]]"));
    assertTrue(backend.memory().peak() - before < 1 << 20);
  }

  @Test
  void messagesShowNoValues() {
    Tensor tensor = Tensors.of(Device.REFERENCE, new float[] {1, 2, 3, 4}, 2, 2);
    var e = assertThrows(IllegalStateException.class, tensor.transpose(0, 1)::contiguousSpan);
    assertEquals("tensor F32[2, 2] is not contiguous", e.getMessage());
  }
}
