package dev.galen.bench.peer;

import ai.onnxruntime.OnnxTensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/** C = op(A) op(B) by ONNX Runtime's Gemm, both operands given anew with each run. */
public final class OnnxMatmul implements AutoCloseable {
  private final OnnxRuntime runtime;
  private final Map<String, OnnxTensor> operands;
  private final OnnxTensor product;

  private OnnxMatmul(OnnxRuntime runtime, int m, int n, int k, boolean ta, boolean tb)
      throws IOException {
    this.runtime = runtime;
    operands =
        Map.of(
            "a", ta ? runtime.floats(k, m) : runtime.floats(m, k),
            "b", tb ? runtime.floats(n, k) : runtime.floats(k, n));
    product = runtime.floats(m, n);
  }

  /**
   * Memory and model for C {@code [m, n]}.
   *
   * @param ta whether A is given as {@code [k, m]}
   * @param tb whether B is given as {@code [n, k]}
   * @param threads to compute with
   */
  public static OnnxMatmul of(int m, int n, int k, boolean ta, boolean tb, int threads)
      throws IOException {
    var runtime = OnnxRuntime.start();
    try {
      var peer = new OnnxMatmul(runtime, m, n, k, ta, tb);
      runtime.open(model(ta, tb), Map.of(), threads);
      return peer;
    } catch (IOException e) {
      runtime.close();
      throw e;
    }
  }

  private static byte[] model(boolean ta, boolean tb) {
    var graph = new OnnxGraph();
    graph.input("a", OnnxGraph.FLOAT, -1, -1);
    graph.input("b", OnnxGraph.FLOAT, -1, -1);
    graph.output("c", OnnxGraph.FLOAT, -1, -1);
    graph.node(
        "Gemm",
        List.of("a", "b"),
        List.of("c"),
        OnnxGraph.attribute("transA", ta ? 1 : 0),
        OnnxGraph.attribute("transB", tb ? 1 : 0));
    return graph.toBytes();
  }

  /** Copies the operands in. */
  public void set(float[] a, float[] b) {
    floats(operands.get("a")).put(0, a);
    floats(operands.get("b")).put(0, b);
  }

  /** Computes C. */
  public void multiply() throws IOException {
    runtime.run(operands, Map.of("c", product));
  }

  /** C. */
  public float[] product() {
    FloatBuffer buffer = floats(product);
    var values = new float[buffer.capacity()];
    buffer.get(0, values);
    return values;
  }

  private static FloatBuffer floats(OnnxTensor tensor) {
    return (FloatBuffer) tensor.getBufferRef().orElseThrow();
  }

  @Override
  public void close() throws IOException {
    runtime.close();
  }
}
