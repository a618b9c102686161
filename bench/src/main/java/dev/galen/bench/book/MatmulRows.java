package dev.galen.bench.book;

import dev.galen.bench.RandomData;
import dev.galen.bench.peer.OnnxMatmul;
import dev.galen.bench.peer.PythonPeer;
import dev.galen.bench.peer.Work;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.MatmulShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The matrix products of a GPT-2 124M step with BT tokens: {@code matmul/bt256/c_fc/forward}.
 * Weights lie as in GPT-2's files, {@code [in, out]} but for the vocabulary's; Galen and
 * transformers both use them so.
 */
final class MatmulRows {
  private static final int[] TOKENS = {256, 1024};
  private static final int CHECKED = 64;

  private record Layer(String name, int in, int out, boolean outputFirst) {}

  private static final List<Layer> LAYERS =
      List.of(
          new Layer("c_attn", 768, 2304, false),
          new Layer("c_proj", 768, 768, false),
          new Layer("c_fc", 768, 3072, false),
          new Layer("mlp_c_proj", 3072, 768, false),
          new Layer("vocabulary", 768, 50257, true));

  private enum Pass {
    FORWARD("forward"),
    D_INPUT("dInput"),
    D_WEIGHT("dWeight");

    private final String word;

    Pass(String word) {
      this.word = word;
    }

    /** Y = X W, dX = dY W^T or dW = X^T dY, with W {@code [in, out]} or {@code [out, in]}. */
    MatmulShape shape(int tokens, Layer layer) {
      boolean outputFirst = layer.outputFirst();
      int in = layer.in();
      int out = layer.out();
      return switch (this) {
        case FORWARD -> MatmulShape.single(tokens, out, in, false, outputFirst);
        case D_INPUT -> MatmulShape.single(tokens, in, out, false, !outputFirst);
        case D_WEIGHT ->
            outputFirst
                ? MatmulShape.single(out, in, tokens, true, false)
                : MatmulShape.single(in, out, tokens, true, false);
      };
    }

    @Override
    public String toString() {
      return word;
    }
  }

  private MatmulRows() {}

  static List<Row> of(Peers peers) {
    var rows = new ArrayList<Row>();
    for (int tokens : TOKENS) {
      for (Layer layer : LAYERS) {
        String name = "matmul/bt%d/%s/".formatted(tokens, layer.name());
        for (Pass pass : Pass.values()) {
          rows.add(row(name + pass, pass.shape(tokens, layer), peers));
        }
      }
    }
    return rows;
  }

  private static Row row(String name, MatmulShape shape, Peers peers) {
    double flops = 2.0 * shape.m() * shape.n() * shape.k();
    double elements =
        (double) shape.m() * shape.k()
            + (double) shape.k() * shape.n()
            + (double) shape.m() * shape.n();
    var request =
        PythonPeer.request("matmul")
            .put("m", shape.m())
            .put("n", shape.n())
            .put("k", shape.k())
            .put("ta", shape.transposeA())
            .put("tb", shape.transposeB());
    var others = new ArrayList<>(peers.pytorch(request));
    others.addAll(peers.onnxRuntime(threads -> onnxRuntime(shape, threads)));
    return new TimedRow(
        name,
        Unit.GFLOP_PER_SECOND,
        flops,
        new Cost(flops, 4 * elements),
        new Contender("Galen", () -> ours(shape)),
        others);
  }

  private static Work ours(MatmulShape shape) {
    Backend backend = Device.CPU.backend();
    Tensor a = RandomData.uniform(backend, 1, shape.m(), shape.k());
    Tensor b = RandomData.uniform(backend, 2, shape.k(), shape.n());
    Tensor c = RandomData.uniform(backend, 3, shape.m(), shape.n());
    Runnable product =
        () -> backend.matmul().matmul(shape, a.span(), b.span(), null, c.span(), false);
    product.run();
    check(shape, a.toFloats(), b.toFloats(), c.toFloats());
    return TensorWork.of(product, a, b, c);
  }

  private static Work onnxRuntime(MatmulShape shape, int threads) throws IOException {
    Backend backend = Device.CPU.backend();
    Tensor tensorA = RandomData.uniform(backend, 1, shape.m(), shape.k());
    Tensor tensorB = RandomData.uniform(backend, 2, shape.k(), shape.n());
    float[] a = tensorA.toFloats();
    float[] b = tensorB.toFloats();
    tensorA.free();
    tensorB.free();
    var peer =
        OnnxMatmul.of(
            shape.m(), shape.n(), shape.k(), shape.transposeA(), shape.transposeB(), threads);
    peer.set(a, b);
    peer.multiply();
    check(shape, a, b, peer.product());
    return new Work() {
      @Override
      public double run(int times) throws IOException {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
          peer.multiply();
        }
        return (System.nanoTime() - start) * 1e-9;
      }

      @Override
      public void close() throws IOException {
        peer.close();
      }
    };
  }

  /** Holds some elements of the product against sums in double precision. */
  static void check(MatmulShape shape, float[] a, float[] b, float[] c) {
    var random = new SplittableRandom(1);
    for (int i = 0; i < CHECKED; i++) {
      int row = random.nextInt(shape.m());
      int column = random.nextInt(shape.n());
      var terms = new double[shape.k()];
      for (int k = 0; k < terms.length; k++) {
        int atA = shape.transposeA() ? k * shape.m() + row : row * shape.k() + k;
        int atB = shape.transposeB() ? column * shape.k() + k : k * shape.n() + column;
        terms[k] = (double) a[atA] * b[atB];
      }
      double expected = Arrays.stream(terms).sum();
      double actual = c[row * shape.n() + column];
      // Rounding of k products of numbers up to 1, each below half a unit in the last place.
      if (!(Math.abs(expected - actual) <= Math.ulp(1f) * shape.k())) {
        throw new IllegalStateException(
            "%s: element [%d, %d] is %g, expected %g"
                .formatted(shape, row, column, actual, expected));
      }
    }
  }
}
