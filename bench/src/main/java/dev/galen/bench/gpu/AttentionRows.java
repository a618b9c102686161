package dev.galen.bench.gpu;

import static dev.galen.bench.gpu.Torch.Mode.EAGER;
import static dev.galen.tensor.DType.BF16;

import dev.galen.bench.book.Contender;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.testing.Tolerance;
import java.util.ArrayList;
import java.util.List;

/**
 * Causal attention in BF16: {@code attention/t1024-d64-forward} and {@code -both}.
 *
 * <p>Operations: 4 D for each pair of a query and a key that it sees, two products; 10 D more for
 * the gradients, five products (Dao et al. 2022).
 */
final class AttentionRows {
  private static final int[] HEAD_SIZES = {64, 128};

  /**
   * Times the usual scale. Between -1 and 1 scores of random operands would all be near 0, outputs
   * the mean of thousands of values, near 0 as well, and any tolerance would accept them.
   */
  private static final double PEAKED = 8;

  private final Backend gpu;
  private final Sizes sizes;
  private final Torch torch;

  AttentionRows(Backend gpu, Sizes sizes, Torch torch) {
    this.gpu = gpu;
    this.sizes = sizes;
    this.torch = torch;
  }

  List<GpuRow> rows() {
    var rows = new ArrayList<GpuRow>();
    for (int time : sizes.attentionTimes()) {
      for (int headSize : HEAD_SIZES) {
        rows.add(row(time, headSize, false));
        rows.add(row(time, headSize, true));
      }
    }
    return rows;
  }

  private GpuRow row(int time, int headSize, boolean backward) {
    int batch = Math.max(1, sizes.tokens() / time);
    int heads = sizes.model().channels() / headSize;
    double pairs = (double) batch * heads * time * (time + 1) / 2;
    return GpuRow.arithmetic(
        "attention/t%d-d%d-%s".formatted(time, headSize, backward ? "both" : "forward"),
        pairs * headSize * (backward ? 14 : 4),
        Roof.BF16,
        torch.beside(
            source(batch, heads, time, headSize, backward),
            Torch.request("attention", BF16)
                .put("batch", batch)
                .put("heads", heads)
                .put("time", time)
                .put("size", headSize)
                .put("backward", backward),
            EAGER));
  }

  /** One head of one text is held against the CPU's first. */
  private Contender.Source source(int batch, int heads, int time, int headSize, boolean backward) {
    return () -> {
      attention(1, 1, time, headSize, backward)
          .verify(gpu, Device.CPU.backend(), Tolerance.of(BF16, 1));
      KernelCase whole = attention(batch, heads, time, headSize, backward);
      return new KernelWork(gpu, whole.call(), whole.allocate(gpu));
    };
  }

  private static KernelCase attention(
      int batch, int heads, int time, int headSize, boolean backward) {
    int row = heads * headSize;
    long plane = (long) time * row;
    var shape =
        new AttentionShape(
            batch,
            heads,
            time,
            time,
            headSize,
            plane,
            row,
            plane,
            row,
            PEAKED / Math.sqrt(headSize),
            true,
            0,
            0,
            0);
    Operand x = Operand.of(BF16, batch * plane);
    Operand statistics = Operand.of(BF16.statistics(), (long) batch * heads * time);
    return backward
        ? new KernelCase(
            (b, s) -> {
              b.attention().attention(shape, s[0], s[1], s[2], null, s[3], s[4]);
              b.attention()
                  .attentionBackward(
                      shape, s[0], s[1], s[2], null, s[3], s[4], s[5], s[6], s[7], s[8]);
            },
            x,
            x,
            x,
            x,
            statistics,
            x,
            x,
            x,
            x)
        : new KernelCase(
            (b, s) -> b.attention().attention(shape, s[0], s[1], s[2], null, s[3], s[4]),
            x,
            x,
            x,
            x,
            statistics);
  }
}
