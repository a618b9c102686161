package dev.galen.bench.book;

import dev.galen.bench.RandomData;
import dev.galen.bench.peer.PythonPeer;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.AttentionKernels;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import java.util.List;

/** Causal attention of GPT-2's twelve heads, forward and backward: {@code attention/t1024-h64}. */
final class AttentionRows {
  private static final int HEADS = 12;
  private static final int SIZE = 64;
  private static final int CHANNELS = HEADS * SIZE;

  private AttentionRows() {}

  static List<Row> of(Peers peers) {
    return List.of(row(1024, peers));
  }

  private static Row row(int time, Peers peers) {
    // Half of T x T is seen; two products forward and five backward, each of 2 D operations.
    double flops = 7.0 * HEADS * SIZE * time * (time + 1.0);
    // q k v out forward; q k v out dOut dQ dK dV backward.
    double bytes = 12.0 * 4 * time * CHANNELS;
    var request =
        PythonPeer.request("attention").put("heads", HEADS).put("time", time).put("size", SIZE);
    return new TimedRow(
        "attention/t%d-h%d".formatted(time, SIZE),
        Unit.MILLISECONDS,
        1,
        new Cost(flops, bytes),
        new Contender("Galen", () -> forwardBackward(Device.CPU.backend(), time)),
        peers.pytorch(request));
  }

  /** Both passes over queries, keys and values that lie side by side, as GPT-2 projects them. */
  static TensorWork forwardBackward(Backend backend, int time) {
    int row = 3 * CHANNELS;
    var shape =
        new AttentionShape(
            1, HEADS, time, time, SIZE, 0, row, 0, row, 1 / Math.sqrt(SIZE), true, 0, 0, 0);
    Tensor qkv = RandomData.uniform(backend, 1, time, row);
    Tensor dOut = RandomData.uniform(backend, 2, time, CHANNELS);
    Tensor dQkv = RandomData.uniform(backend, 3, time, row);
    Tensor out = RandomData.uniform(backend, 4, time, CHANNELS);
    Tensor logSumExp = RandomData.uniform(backend, 5, HEADS, time);
    Span[] q = thirds(qkv);
    Span[] d = thirds(dQkv);
    AttentionKernels kernels = backend.attention();
    return TensorWork.of(
        () -> {
          kernels.attention(shape, q[0], q[1], q[2], null, out.span(), logSumExp.span());
          kernels.attentionBackward(
              shape,
              q[0],
              q[1],
              q[2],
              null,
              out.span(),
              logSumExp.span(),
              dOut.span(),
              d[0],
              d[1],
              d[2]);
        },
        qkv,
        dOut,
        dQkv,
        out,
        logSumExp);
  }

  private static Span[] thirds(Tensor packed) {
    Span all = packed.span();
    return new Span[] {
      all,
      all.slice(CHANNELS, all.length() - CHANNELS),
      all.slice(2 * CHANNELS, all.length() - 2 * CHANNELS)
    };
  }
}
