package dev.galen.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A matrix that is packed some rows at a time is what it is when it is packed at once. */
class PackedRowsTest {
  @ParameterizedTest
  @CsvSource({"BF16, 61, 70001", "INT8, 61, 70001", "INT8, 60, 70016", "INT8, 5, 33"})
  void rowsArePackedAsTheWholeIs(WeightFormat format, int out, int in) {
    try (var scope = MemoryScope.open("test")) {
      Tensor weight =
          Tensors.normal(Device.REFERENCE, DType.F32, Shape.of(out, in), 0, 1, new Philox(1));
      var parts = new ArrayList<Integer>();
      PackedWeight byRows =
          PackedWeight.ofRows(
              Device.REFERENCE.backend(),
              format,
              out,
              in,
              (from, to) -> {
                parts.add(to - from);
                return weight.slice(0, from, to);
              });
      assertTrue(in < 100 || parts.size() > 1, parts + " rows at a time");
      PackedWeight whole = PackedWeight.of(weight, true, format);
      int[] ids = IntStream.range(0, out).toArray();
      Tensor rows = Tensors.of(Device.REFERENCE, ids, out);
      assertArrayEquals(whole.rows(rows).toFloats(), byRows.rows(rows).toFloats());
    }
  }
}
