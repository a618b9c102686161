package dev.galen.tensor.backend.reference;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.PackedLines;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.backend.WeightKernels;
import dev.galen.tensor.backend.host.HostBuffer;
import java.lang.ref.Reference;

/** Packed weights, unpacked row by row; sums in double, in the order of the inputs. */
final class ReferenceWeights implements WeightKernels {
  @Override
  public void pack(
      WeightFormat format, Span weight, boolean outputFirst, Span packed, int out, int in) {
    Require.length("weight", weight, out, in);
    requirePacked(format, packed, out, in);
    var memory = HostBuffer.segment(packed);
    int perLine = format.lineInputs();
    long scales = format.scalesFrom(out, in);
    int rows = Math.ceilDiv(out, WeightFormat.ROWS) * WeightFormat.ROWS;
    for (int j = 0; j < rows; j++) {
      var row = new float[format.lines(in) * perLine];
      for (int p = 0; p < in && j < out; p++) {
        long at = outputFirst ? (long) j * in + p : (long) p * out + j;
        row[p] = (float) Values.read(weight, at, 1)[0];
      }
      for (int line = 0; line < format.lines(in); line++) {
        PackedLines.write(format, row, line * perLine, memory, format.index(j, line, in), scales);
      }
    }
    Reference.reachabilityFence(packed);
  }

  @Override
  public void linear(
      WeightFormat format, Span x, Span packed, Span bias, Span y, int rows, int out, int in) {
    Require.length("x", x, rows, in);
    Require.length("y", y, rows, out);
    requirePacked(format, packed, out, in);
    if (bias != null) {
      Require.length("bias", bias, out);
    }
    double[] inputs = Values.read(x, 0, Math.multiplyExact(rows, in));
    double[] biases = bias == null ? new double[out] : Values.read(bias, 0, out);
    var results = new double[Math.multiplyExact(rows, out)];
    for (int j = 0; j < out; j++) {
      float[] row = row(format, packed, j, out, in);
      for (int i = 0; i < rows; i++) {
        double sum = 0;
        for (int p = 0; p < in; p++) {
          sum += inputs[i * in + p] * row[p];
        }
        results[i * out + j] = sum + biases[j];
      }
    }
    Values.write(results, y);
  }

  @Override
  public void gather(
      WeightFormat format, Span packed, Span ids, Span y, int rows, int out, int in) {
    Require.length("y", y, rows, in);
    requirePacked(format, packed, out, in);
    int[] checked = ReferenceEmbedding.ids(ids, rows, out);
    for (int i = 0; i < rows; i++) {
      float[] row = row(format, packed, checked[i], out, in);
      var values = new double[in];
      for (int p = 0; p < in; p++) {
        values[p] = row[p];
      }
      Values.write(values, y, (long) i * in);
    }
  }

  /** Output {@code j}, filled up to whole lines. */
  private static float[] row(WeightFormat format, Span packed, int j, int out, int in) {
    var memory = HostBuffer.segment(packed);
    int perLine = format.lineInputs();
    var row = new float[format.lines(in) * perLine];
    for (int line = 0; line < format.lines(in); line++) {
      PackedLines.read(
          format,
          memory,
          format.index(j, line, in),
          format.scalesFrom(out, in),
          row,
          line * perLine);
    }
    Reference.reachabilityFence(packed);
    return row;
  }

  private static void requirePacked(WeightFormat format, Span packed, int out, int in) {
    Require.dtype("packed", packed, DType.U8);
    if (out < 0 || in < 0) {
      throw new IllegalArgumentException(
          "packed weights cannot have the shape [%d, %d]".formatted(out, in));
    }
    Require.length("packed", packed, format.byteSize(out, in));
  }
}
