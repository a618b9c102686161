package dev.galen.tensor.backend.reference;

import dev.galen.tensor.backend.NormKernels;
import dev.galen.tensor.backend.Span;

/** Normalisations row by row; the variance in a second pass over the row. */
final class ReferenceNorm implements NormKernels {
  @Override
  public void layerNorm(
      Span x,
      Span weight,
      Span bias,
      Span y,
      Span mean,
      Span rstd,
      int rows,
      int cols,
      double epsilon) {
    Require.length("x", x, rows, cols);
    Require.length("weight", weight, cols);
    Require.length("bias", bias, cols);
    Require.length("y", y, rows, cols);
    Require.length("mean", mean, rows);
    Require.length("rstd", rstd, rows);
    double[] w = Values.read(weight, 0, cols);
    double[] b = Values.read(bias, 0, cols);
    var means = new double[rows];
    var rstds = new double[rows];
    for (int i = 0; i < rows; i++) {
      double[] row = Values.read(x, (long) i * cols, cols);
      means[i] = mean(row);
      double variance = 0;
      for (double value : row) {
        variance += (value - means[i]) * (value - means[i]) / cols;
      }
      rstds[i] = 1 / Math.sqrt(variance + epsilon);
      for (int j = 0; j < cols; j++) {
        row[j] = (row[j] - means[i]) * rstds[i] * w[j] + b[j];
      }
      Values.write(row, y, (long) i * cols);
    }
    Values.write(means, mean);
    Values.write(rstds, rstd);
  }

  @Override
  public void residualLayerNorm(
      Span x,
      Span residual,
      Span sum,
      Span weight,
      Span bias,
      Span y,
      Span mean,
      Span rstd,
      int rows,
      int cols,
      double epsilon) {
    Require.length("x", x, rows, cols);
    Require.length("residual", residual, rows, cols);
    Require.length("sum", sum, rows, cols);
    for (int i = 0; i < rows; i++) {
      double[] row = Values.read(x, (long) i * cols, cols);
      double[] other = Values.read(residual, (long) i * cols, cols);
      for (int j = 0; j < cols; j++) {
        row[j] += other[j];
      }
      Values.write(row, sum, (long) i * cols);
    }
    layerNorm(sum, weight, bias, y, mean, rstd, rows, cols, epsilon);
  }

  @Override
  public void layerNormBackward(
      Span dY,
      Span x,
      Span weight,
      Span mean,
      Span rstd,
      Span dX,
      Span dWeight,
      Span dBias,
      int rows,
      int cols) {
    Require.length("dY", dY, rows, cols);
    Require.length("x", x, rows, cols);
    Require.length("weight", weight, cols);
    Require.length("mean", mean, rows);
    Require.length("rstd", rstd, rows);
    Require.length("dX", dX, rows, cols);
    Require.length("dWeight", dWeight, cols);
    Require.length("dBias", dBias, cols);
    double[] w = Values.read(weight, 0, cols);
    double[] means = Values.read(mean, 0, rows);
    double[] rstds = Values.read(rstd, 0, rows);
    double[] weightSum = Values.read(dWeight, 0, cols);
    double[] biasSum = Values.read(dBias, 0, cols);
    for (int i = 0; i < rows; i++) {
      double[] h = Values.read(x, (long) i * cols, cols);
      double[] g = Values.read(dY, (long) i * cols, cols);
      double meanG = 0;
      double meanGh = 0;
      for (int j = 0; j < cols; j++) {
        h[j] = (h[j] - means[i]) * rstds[i];
        weightSum[j] += g[j] * h[j];
        biasSum[j] += g[j];
        g[j] *= w[j];
        meanG += g[j] / cols;
        meanGh += g[j] * h[j] / cols;
      }
      for (int j = 0; j < cols; j++) {
        g[j] = rstds[i] * (g[j] - meanG - h[j] * meanGh);
      }
      Values.write(g, dX, (long) i * cols);
    }
    Values.write(weightSum, dWeight);
    Values.write(biasSum, dBias);
  }

  @Override
  public void rmsNorm(Span x, Span weight, Span y, Span rstd, int rows, int cols, double epsilon) {
    Require.length("x", x, rows, cols);
    Require.length("weight", weight, cols);
    Require.length("y", y, rows, cols);
    Require.length("rstd", rstd, rows);
    double[] w = Values.read(weight, 0, cols);
    var rstds = new double[rows];
    for (int i = 0; i < rows; i++) {
      double[] row = Values.read(x, (long) i * cols, cols);
      double meanSquare = 0;
      for (double value : row) {
        meanSquare += value * value / cols;
      }
      rstds[i] = 1 / Math.sqrt(meanSquare + epsilon);
      for (int j = 0; j < cols; j++) {
        row[j] *= rstds[i] * w[j];
      }
      Values.write(row, y, (long) i * cols);
    }
    Values.write(rstds, rstd);
  }

  @Override
  public void rmsNormBackward(
      Span dY, Span x, Span weight, Span rstd, Span dX, Span dWeight, int rows, int cols) {
    Require.length("dY", dY, rows, cols);
    Require.length("x", x, rows, cols);
    Require.length("weight", weight, cols);
    Require.length("rstd", rstd, rows);
    Require.length("dX", dX, rows, cols);
    Require.length("dWeight", dWeight, cols);
    double[] w = Values.read(weight, 0, cols);
    double[] rstds = Values.read(rstd, 0, rows);
    double[] weightSum = Values.read(dWeight, 0, cols);
    for (int i = 0; i < rows; i++) {
      double[] h = Values.read(x, (long) i * cols, cols);
      double[] g = Values.read(dY, (long) i * cols, cols);
      double meanGh = 0;
      for (int j = 0; j < cols; j++) {
        h[j] *= rstds[i];
        weightSum[j] += g[j] * h[j];
        g[j] *= w[j];
        meanGh += g[j] * h[j] / cols;
      }
      for (int j = 0; j < cols; j++) {
        g[j] = rstds[i] * (g[j] - h[j] * meanGh);
      }
      Values.write(g, dX, (long) i * cols);
    }
    Values.write(weightSum, dWeight);
  }

  private static double mean(double[] row) {
    double sum = 0;
    for (double value : row) {
      sum += value;
    }
    return sum / row.length;
  }
}
