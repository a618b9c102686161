package dev.galen.tensor.backend.reference;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.RandomKernels;
import dev.galen.tensor.backend.Sampling;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.random.Philox;

/**
 * Philox numbers. Uniform numbers and dropout are computed in F32 arithmetic (F64 for an F64 span),
 * in the order written here, so that other backends can give the same bits.
 */
final class ReferenceRandom implements RandomKernels {
  /**
   * {@code low + (high - low) u}: one subtraction, one product, one sum. A result that rounds to
   * {@code high} becomes the number below it.
   */
  @Override
  public void uniform(Span y, double low, double high, long seed, long offset) {
    if (!(low < high)) {
      throw new IllegalArgumentException("no numbers in [" + low + ", " + high + ")");
    }
    boolean wide = y.dtype() == DType.F64;
    double below = wide ? Math.nextDown(high) : Math.nextDown((float) high);
    Pieces.each(
        y.length(),
        (from, count) -> {
          var words = new int[4];
          var values = new double[count];
          for (int i = 0; i < count; i++) {
            if (i % 4 == 0) {
              Philox.words(seed, offset + (from + i) / 4, words);
            }
            float u = Philox.uniform(words[i % 4]);
            values[i] =
                wide ? low + (high - low) * u : (float) low + ((float) high - (float) low) * u;
            values[i] = Math.min(values[i], below);
          }
          Values.write(values, y, from);
        });
  }

  /** {@code mean + deviation z} in double precision, then rounded. */
  @Override
  public void normal(Span y, double mean, double deviation, long seed, long offset) {
    Pieces.each(
        y.length(),
        (from, count) -> {
          var words = new int[4];
          var values = new double[count];
          for (int i = 0; i < count; i++) {
            if (i % 4 == 0) {
              Philox.words(seed, offset + (from + i) / 4, words);
            }
            int pair = i % 4 / 2 * 2;
            values[i] = mean + deviation * Philox.normal(words[pair], words[pair + 1], i % 2);
          }
          Values.write(values, y, from);
        });
  }

  /** {@code x scale} where {@link DropoutMask} keeps the element; one F32 product. */
  @Override
  public void dropout(Span x, Span y, double p, long seed, long offset) {
    Require.sameLength("x", x, "y", y);
    var mask = new DropoutMask(p, seed, offset);
    boolean wide = y.dtype() == DType.F64;
    Pieces.each(
        y.length(),
        (from, count) -> {
          double[] values = Values.read(x, from, count);
          for (int i = 0; i < count; i++) {
            if (!mask.keeps(from + i)) {
              values[i] = 0;
            } else {
              values[i] = wide ? values[i] * mask.scale() : (float) values[i] * mask.scale();
            }
          }
          Values.write(values, y, from);
        });
  }

  /** Row by row by {@link ReferenceSampling}. */
  @Override
  public void sample(
      Span x,
      Span index,
      int rows,
      int cols,
      double temperature,
      int topK,
      double topP,
      long seed,
      long offset) {
    Require.length("x", x, rows, cols);
    Require.length("index", index, rows);
    Require.dtype("index", index, DType.I32);
    Sampling.require(rows, cols, temperature, topK, topP);
    boolean wide = x.dtype() == DType.F64;
    var result = new double[rows];
    for (int i = 0; i < rows; i++) {
      double[] scores = Values.read(x, (long) i * cols, cols);
      for (int j = 0; j < cols; j++) {
        scores[j] = wide ? scores[j] / temperature : (float) scores[j] / (float) temperature;
      }
      float uniform = Philox.uniform(Philox.word(seed, offset + i, 0));
      result[i] = ReferenceSampling.draw(scores, topK, topP, uniform);
    }
    Values.write(result, index);
  }
}
