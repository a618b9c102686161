package dev.galen.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.random.Philox;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Wrong shapes are refused by the operation's name, what it got and what it takes. */
class RefusalTest {
  private static final Tensor SCALAR = Tensors.of(Device.REFERENCE, new float[] {1});
  private static final Tensor VECTOR = Tensors.of(Device.REFERENCE, new float[] {1, 2}, 2);

  @Test
  void rowsOfAScalar() {
    Map<String, Executable> calls =
        Map.of(
            "softmax needs [..., n]", SCALAR::softmax,
            "logSoftmax needs [..., n]", SCALAR::logSoftmax,
            "argmax needs [..., n]", SCALAR::argmax,
            "layerNorm needs [..., n]", () -> LayerNormOp.apply(SCALAR, VECTOR, VECTOR, 1e-5),
            "rmsNorm needs [..., n]", () -> RmsNormOp.apply(SCALAR, VECTOR, 1e-5),
            "crossEntropy needs [..., classes]", () -> CrossEntropyOp.apply(SCALAR, SCALAR, 1),
            "sample needs [..., classes]", () -> SampleOp.apply(SCALAR, 1, 1, 1, new Philox(1)),
            "likeliest needs [..., classes]", () -> SampleOp.likeliest(SCALAR));
    calls.forEach((wanted, call) -> assertRefused(wanted + ", got the scalar F32[]", call));
  }

  @Test
  void dimensionsThatAreNotThere() {
    assertRefused("no dimension 1 in shape [2], which has 1", () -> VECTOR.sum(1));
    assertRefused("no dimension -1 in shape [], which has 0", () -> SCALAR.dim(-1));
  }

  @Test
  void valuesThatDoNotFill() {
    assertRefused(
        "6 elements of F32 do not fill shape [2, 4], which has 8",
        () -> Tensors.of(Device.REFERENCE, new float[6], 2, 4));
    assertRefused(
        "3 elements of F32 do not fill F32[2]",
        () -> Tensors.assign(VECTOR, MemorySegment.ofArray(new float[3])));
    assertRefused(
        "5 bytes, which are no whole number of F32, do not fill F32[2]",
        () -> Tensors.assign(VECTOR, MemorySegment.ofArray(new byte[5])));
  }

  @Test
  void writesThatDoNotFit() {
    assertRefused("F32[] cannot be copied over F32[2]", () -> Tensors.copy(SCALAR, VECTOR));
    assertRefused(
        "F32[2] is no single element, to be put into F32[2]", () -> Tensors.put(VECTOR, VECTOR, 0));
  }

  @Test
  void tensorsAreDescribedAndNotShown() {
    assertRefused(
        "embedding of F32[2] by F32[2]; the table is [rows, n] and ids are I32",
        () -> EmbeddingOp.apply(VECTOR, VECTOR));
  }

  private static void assertRefused(String wanted, Executable call) {
    assertEquals(wanted, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
