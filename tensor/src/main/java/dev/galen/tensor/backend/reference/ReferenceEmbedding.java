package dev.galen.tensor.backend.reference;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.EmbeddingKernels;
import dev.galen.tensor.backend.Span;
import java.util.TreeMap;

/** Rows of a table by index. */
final class ReferenceEmbedding implements EmbeddingKernels {
  @Override
  public void gather(Span table, Span ids, Span y, int rows, int cols, int tableRows) {
    Require.length("table", table, tableRows, cols);
    Require.length("y", y, rows, cols);
    int[] checked = ids(ids, rows, tableRows);
    for (int i = 0; i < rows; i++) {
      Values.write(Values.read(table, (long) checked[i] * cols, cols), y, (long) i * cols);
    }
  }

  @Override
  public void gatherBackward(Span dY, Span ids, Span dTable, int rows, int cols, int tableRows) {
    Require.length("dY", dY, rows, cols);
    Require.length("dTable", dTable, tableRows, cols);
    int[] checked = ids(ids, rows, tableRows);
    // The sums of the rows that occur stay in double precision until all of dY is added.
    var sums = new TreeMap<Integer, double[]>();
    for (int i = 0; i < rows; i++) {
      double[] sum =
          sums.computeIfAbsent(checked[i], id -> Values.read(dTable, (long) id * cols, cols));
      double[] row = Values.read(dY, (long) i * cols, cols);
      for (int j = 0; j < cols; j++) {
        sum[j] += row[j];
      }
    }
    sums.forEach((id, sum) -> Values.write(sum, dTable, (long) id * cols));
  }

  @Override
  public void scatter(Span x, Span ids, Span weights, Span y, int rows, int cols, int yRows) {
    Require.length("x", x, rows, cols);
    Require.length("weights", weights, rows);
    Require.length("y", y, yRows, cols);
    int[] checked = ids(ids, rows, yRows);
    double[] w = Values.read(weights, 0, rows);
    var sums = new TreeMap<Integer, double[]>();
    for (int i = 0; i < rows; i++) {
      double[] sum = sums.computeIfAbsent(checked[i], id -> Values.read(y, (long) id * cols, cols));
      double[] row = Values.read(x, (long) i * cols, cols);
      for (int j = 0; j < cols; j++) {
        sum[j] += w[i] * row[j];
      }
    }
    sums.forEach((id, sum) -> Values.write(sum, y, (long) id * cols));
  }

  @Override
  public void scatterBackward(
      Span x,
      Span ids,
      Span weights,
      Span dY,
      Span dX,
      Span dWeights,
      int rows,
      int cols,
      int yRows) {
    Require.length("x", x, rows, cols);
    Require.length("weights", weights, rows);
    Require.length("dY", dY, yRows, cols);
    Require.length("dX", dX, rows, cols);
    if (dWeights != null) {
      Require.length("dWeights", dWeights, rows);
    }
    int[] checked = ids(ids, rows, yRows);
    double[] w = Values.read(weights, 0, rows);
    for (int i = 0; i < rows; i++) {
      double[] row = Values.read(x, (long) i * cols, cols);
      double[] d = Values.read(dY, (long) checked[i] * cols, cols);
      double dot = 0;
      for (int j = 0; j < cols; j++) {
        dot += row[j] * d[j];
        d[j] *= w[i];
      }
      Values.write(d, dX, (long) i * cols);
      if (dWeights != null) {
        Values.write(new double[] {dot}, dWeights, i);
      }
    }
  }

  static int[] ids(Span ids, int rows, int tableRows) {
    Require.length("ids", ids, rows);
    Require.dtype("ids", ids, DType.I32);
    int[] values = Values.readInts(ids, rows);
    for (int i = 0; i < rows; i++) {
      if (values[i] < 0 || values[i] >= tableRows) {
        throw new IndexOutOfBoundsException(
            "id %d at position %d is outside the table of %d rows"
                .formatted(values[i], i, tableRows));
      }
    }
    return values;
  }
}
