package dev.galen.bench.gpu;

import static dev.galen.bench.gpu.Torch.Mode.COMPILE;
import static dev.galen.bench.gpu.Torch.Mode.EAGER;

import dev.galen.bench.RandomGpt2;
import dev.galen.bench.RandomTraining;
import dev.galen.bench.book.Cost;
import dev.galen.bench.book.Unit;
import dev.galen.kernels.cuda.CudaBackend;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.tensor.Device;
import dev.galen.train.Trainer;
import dev.galen.train.optim.MixedPrecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Updates of GPT-2 on random tokens: forward, backward, the gradient's norm, clipping and AdamW.
 *
 * <p>MFU, model FLOPs utilisation (Chowdhery et al. 2022, arXiv 2204.02311, appendix B), is {@code
 * tokens/s (6 N + 12 L C T) / peak}: N weights that a token is multiplied with (positions are only
 * added), L layers, C channels, T time. The second term is attention's, as if it were not causal,
 * which is how others count; work done twice does not count. The peak is this run's own product of
 * 8192 in the step's precision, not a data sheet's.
 */
final class TrainRows {
  private final CudaBackend gpu;
  private final Sizes sizes;
  private final Torch torch;

  TrainRows(CudaBackend gpu, Sizes sizes, Torch torch) {
    this.gpu = gpu;
    this.sizes = sizes;
    this.torch = torch;
  }

  /** {@code train/b16-t1024-bf16}; in TF32 the smallest batch only. */
  List<GpuRow> rows() {
    var rows = new ArrayList<GpuRow>();
    for (int batch : sizes.trainBatches()) {
      rows.add(row(batch, MixedPrecision.BF16, Roof.BF16));
    }
    rows.add(row(sizes.trainBatches()[0], MixedPrecision.TF32, Roof.TF32));
    return rows;
  }

  private GpuRow row(int batch, MixedPrecision precision, Roof roof) {
    int tokens = batch * sizes.time();
    String suffix = precision.name().toLowerCase(Locale.ROOT);
    return new GpuRow(
        "train/b%d-t%d-%s".formatted(batch, sizes.time(), suffix),
        Unit.TOKENS_PER_SECOND,
        tokens,
        new Cost(tokens * flopsPerToken(sizes.model(), sizes.time()), 0),
        roof,
        true,
        torch.beside(
            () -> step(batch, precision),
            ModelRequest.of("train_step", sizes.model())
                .put("dtype", suffix)
                .put("batch", batch)
                .put("time", sizes.time()),
            EAGER,
            COMPILE));
  }

  /** {@code 6 N + 12 L C T}. */
  static double flopsPerToken(Gpt2Config model, int time) {
    double multiplied = model.parameterCount() - (double) model.contextLength() * model.channels();
    return 6 * multiplied + 12.0 * model.layers() * model.channels() * time;
  }

  /** One update. */
  private HostTimed step(int batch, MixedPrecision precision) {
    Gpt2CausalLm model = RandomGpt2.create(sizes.model(), new Device(gpu.place()));
    Trainer trainer;
    try {
      trainer = RandomTraining.of(model, batch, sizes.time(), precision);
    } catch (RuntimeException | OutOfMemoryError e) {
      free(model);
      throw e;
    }
    var clock = new HostClock(gpu);
    return new HostTimed() {
      @Override
      public double run(int times) {
        clock.start();
        for (int i = 0; i < times; i++) {
          trainer.trainStep();
        }
        return clock.stop();
      }

      @Override
      public double hostShare() {
        return clock.hostShare();
      }

      @Override
      public void close() {
        trainer.close();
        free(model);
      }
    };
  }

  private void free(Gpt2CausalLm model) {
    model.parameters().values().forEach(parameter -> parameter.free());
    gpu.trim();
  }
}
