package dev.galen.bench.gpu;

import static dev.galen.bench.gpu.Torch.Mode.COMPILE;
import static dev.galen.bench.gpu.Torch.Mode.EAGER;

import dev.galen.bench.RandomData;
import dev.galen.bench.RandomGpt2;
import dev.galen.bench.book.Contender;
import dev.galen.bench.book.Cost;
import dev.galen.bench.book.Unit;
import dev.galen.kernels.cuda.CudaBackend;
import dev.galen.model.CausalLm;
import dev.galen.model.generate.DecodeStep;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.testing.Tolerance;
import dev.galen.train.optim.MixedPrecision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Greedy tokens after a prompt that does not count: {@code decode/b1-bf16}, and with packed weights
 * {@code decode/b1-int8-weights}. The step is called directly, because a {@code Generator}
 * continues one text at a time; it is replayed from a capture, and each token comes to the host.
 * Bytes are those of the weights that each step multiplies with, in its precision.
 */
final class DecodeRows {
  private final CudaBackend gpu;
  private final Sizes sizes;
  private final Torch torch;

  DecodeRows(CudaBackend gpu, Sizes sizes, Torch torch) {
    this.gpu = gpu;
    this.sizes = sizes;
    this.torch = torch;
  }

  List<GpuRow> rows() {
    var rows = new ArrayList<GpuRow>();
    for (MixedPrecision precision : List.of(MixedPrecision.BF16, MixedPrecision.TF32)) {
      for (int batch : sizes.decodeBatches()) {
        rows.add(row(batch, precision));
      }
    }
    rows.add(packed(WeightFormat.BF16));
    rows.add(packed(WeightFormat.INT8));
    return rows;
  }

  private GpuRow row(int batch, MixedPrecision precision) {
    String suffix = precision.name().toLowerCase(Locale.ROOT);
    var model = sizes.model();
    double weights = multiplied(model);
    int bytes = precision == MixedPrecision.BF16 ? 2 : 4;
    return new GpuRow(
        "decode/b%d-%s".formatted(batch, suffix),
        Unit.TOKENS_PER_SECOND,
        (double) batch * sizes.newTokens(),
        new Cost(0, weights * bytes * sizes.newTokens()),
        Roof.COPY,
        true,
        torch.beside(
            () -> decode(batch, precision, WeightFormat.F32),
            ModelRequest.of("decode", model)
                .put("dtype", suffix)
                .put("batch", batch)
                .put("prompt", sizes.prompt())
                .put("new", sizes.newTokens()),
            EAGER,
            COMPILE));
  }

  /** Packed weights and F32 activations, which PyTorch has no products of. */
  private GpuRow packed(WeightFormat format) {
    int inputs = format.lineInputs();
    double bytes = (double) format.byteSize(WeightFormat.ROWS, inputs) / WeightFormat.ROWS / inputs;
    return new GpuRow(
        "decode/b1-%s-weights".formatted(format.name().toLowerCase(Locale.ROOT)),
        Unit.TOKENS_PER_SECOND,
        sizes.newTokens(),
        new Cost(0, multiplied(sizes.model()) * bytes * sizes.newTokens()),
        Roof.COPY,
        true,
        List.of(new Contender("Galen", () -> decode(1, MixedPrecision.F32, format))));
  }

  /** Weights that each token is multiplied with: all but the positions' embedding. */
  private static double multiplied(Gpt2Config model) {
    return model.parameterCount() - (double) model.contextLength() * model.channels();
  }

  private HostTimed decode(int batch, MixedPrecision precision, WeightFormat format) {
    Gpt2CausalLm model = RandomGpt2.create(sizes.model(), new Device(gpu.place()), format);
    int[] prompt = RandomData.ids(batch * sizes.prompt(), model.vocabularySize());
    try {
      verify(model, batch, prompt);
      verifySteps(model, batch, prompt);
    } catch (RuntimeException | OutOfMemoryError e) {
      free(model);
      throw e;
    }
    return new Decoding(model, batch, prompt, precision);
  }

  private void free(CausalLm model) {
    model.parameters().values().forEach(parameter -> parameter.free());
    gpu.trim();
  }

  /**
   * Text after text through one cache. Weights are rounded once, as a model that was loaded in BF16
   * has them, and the step is captured once, as PyTorch's is.
   */
  private final class Decoding implements HostTimed {
    private final CausalLm model;
    private final int[] prompt;
    private final HostClock clock = new HostClock(gpu);
    private final MemoryScope rounded = MemoryScope.open("rounded weights");
    private final Autograd.Mode cast;
    private final KvCache cache;
    private final DecodeStep<int[]> step;

    Decoding(CausalLm model, int batch, int[] prompt, MixedPrecision precision) {
      this.model = model;
      this.prompt = prompt;
      cast = precision.open();
      cache = model.newCache(batch, sizes.prompt() + sizes.newTokens());
      step = DecodeStep.greedy(model, cache);
    }

    @Override
    public double run(int times) {
      double seconds = 0;
      for (int i = 0; i < times; i++) {
        cache.crop(0);
        int[] ids = step.next(prompt);
        clock.start();
        for (int n = 0; n < sizes.newTokens(); n++) {
          ids = step.next(ids);
        }
        seconds += clock.stop();
      }
      return seconds;
    }

    @Override
    public double hostShare() {
      return clock.hostShare();
    }

    @Override
    public void close() {
      step.close();
      cache.close();
      cast.close();
      rounded.close();
      free(model);
    }
  }

  /** Logits through the cache, in F32, must be those of the whole text at once. */
  private void verify(CausalLm model, int batch, int[] prompt) {
    int time = sizes.prompt();
    int[] first = new int[batch * (time - 1)];
    int[] last = new int[batch];
    for (int b = 0; b < batch; b++) {
      System.arraycopy(prompt, b * time, first, b * (time - 1), time - 1);
      last[b] = prompt[(b + 1) * time - 1];
    }
    try (var scope = MemoryScope.open("verification");
        var off = Autograd.noGrad();
        var cache = model.newCache(batch, time)) {
      float[] whole =
          model.logits(Tensors.of(gpu, prompt, batch, time)).slice(1, time - 1, time).toFloats();
      model.next(Tensors.of(gpu, first, batch, time - 1), cache);
      float[] cached = model.next(Tensors.of(gpu, last, batch, 1), cache).toFloats();
      Tolerance tolerance =
          Tolerance.of(DType.F32, (long) sizes.model().layers() * sizes.model().innerChannels());
      for (int i = 0; i < whole.length; i++) {
        KernelCase.requireNear("logit " + i, whole[i], cached[i], tolerance);
      }
    }
  }

  /** Replayed steps, in F32, must give the tokens of launched ones. */
  private void verifySteps(CausalLm model, int batch, int[] prompt) {
    int capacity = sizes.prompt() + sizes.newTokens();
    try (var scope = MemoryScope.open("verification");
        var off = Autograd.noGrad();
        var cache = model.newCache(batch, capacity);
        var launchedCache = model.newCache(batch, capacity);
        var step = DecodeStep.greedy(model, cache)) {
      int[] ids = prompt;
      for (int n = 0; n <= sizes.newTokens(); n++) {
        Tensor input = Tensors.of(gpu, ids, batch, ids.length / batch);
        int[] launched = model.next(input, launchedCache).argmax().toInts();
        ids = step.next(ids);
        if (!Arrays.equals(launched, ids)) {
          throw new IllegalStateException(
              "step %d gives %s, launched %s"
                  .formatted(n, Arrays.toString(ids), Arrays.toString(launched)));
        }
      }
    }
  }
}
