package dev.galen.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * ONNX Runtime (onnxruntime.ai) from Maven Central, with all of its optimisations. Its tensors lie
 * in memory that is ours, so that nothing is copied in or out.
 */
public final class OnnxRuntime implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final OrtEnvironment environment;
  private OrtSession session;

  private OnnxRuntime() throws IOException {
    environment = environment();
  }

  /** Something of its API that may fail. */
  @FunctionalInterface
  interface Call<T> {
    /** Does it. */
    T call() throws OrtException;
  }

  /**
   * Opens nothing yet.
   *
   * @throws IOException if its library is not for this platform
   */
  static OnnxRuntime start() throws IOException {
    return new OnnxRuntime();
  }

  /** Whether its library is one for this platform. */
  public static boolean isHere() {
    try {
      environment();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static OrtEnvironment environment() throws IOException {
    try {
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      environment.setTelemetry(false);
      return environment;
    } catch (LinkageError | OrtException e) {
      throw new IOException("ONNX Runtime cannot be loaded here: " + e.getMessage(), e);
    }
  }

  /**
   * Opens a model.
   *
   * @param weights what the model only names
   * @param threads to compute with
   */
  void open(byte[] model, Map<String, OnnxTensorLike> weights, int threads) throws IOException {
    session =
        ask(
            () -> {
              try (var options = new OrtSession.SessionOptions()) {
                options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
                options.setIntraOpNumThreads(threads);
                // Idle threads spin, which is fast, but not while it is another's turn.
                options.addConfigEntry("session.force_spinning_stop", "1");
                if (!weights.isEmpty()) {
                  options.addExternalInitializers(weights);
                }
                return environment.createSession(model, options);
              }
            });
  }

  /** Zeroed memory for {@code bytes} that lives until this is closed. */
  ByteBuffer allocate(long bytes) {
    return arena.allocate(bytes, Long.BYTES).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /** A tensor of zeros. */
  OnnxTensor floats(long... dims) throws IOException {
    long size = Float.BYTES;
    for (long dim : dims) {
      size *= dim;
    }
    var buffer = allocate(size).asFloatBuffer();
    return ask(() -> OnnxTensor.createTensor(environment, buffer, dims));
  }

  /** A vector of integers. */
  OnnxTensor longs(int length) throws IOException {
    var buffer = allocate((long) length * Long.BYTES).asLongBuffer();
    return ask(() -> OnnxTensor.createTensor(environment, buffer, new long[] {length}));
  }

  /** A vector of one integer. */
  OnnxTensor anInt() throws IOException {
    var buffer = allocate(Integer.BYTES).asIntBuffer();
    return ask(() -> OnnxTensor.createTensor(environment, buffer, new long[] {1}));
  }

  /** Runs the model on tensors that are there, into tensors that are there. */
  void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) throws IOException {
    ask(
        () -> {
          session.run(inputs, outputs).close();
          return null;
        });
  }

  private static <T> T ask(Call<T> call) throws IOException {
    try {
      return call.call();
    } catch (OrtException e) {
      throw new IOException("ONNX Runtime: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    ask(
        () -> {
          if (session != null) {
            session.close();
          }
          return null;
        });
    arena.close();
  }
}
