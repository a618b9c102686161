package dev.galen.bench.book;

import dev.galen.bench.RandomData;
import dev.galen.bench.RandomTraining;
import dev.galen.kernels.cpu.VectorBackend;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.random.Philox;
import dev.galen.train.Trainer;
import dev.galen.train.optim.MixedPrecision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What must not grow: time with the length of a run, memory with T squared, time with threads. */
final class GrowthRows {
  private static final int BATCH = 4;
  private static final int TIME = 64;
  private static final int LAST_TOKEN = 100_000;
  private static final int FIRST_TOKEN = 1_000;
  private static final int WINDOW = 40;
  private static final int[] LENGTHS = {512, 1024, 2048, 4096, 8192};
  private static final int HEADS = 12;
  private static final int CHANNELS = 768;

  private GrowthRows() {}

  static List<Row> of() {
    var rows = new ArrayList<Row>();
    rows.add(Row.of("growth/train-tokens", Unit.TIMES, GrowthRows::lateOverEarly));
    for (int length : LENGTHS) {
      rows.add(
          Row.of(
              "growth/attention-memory/t" + length,
              Unit.BYTES_PER_TOKEN,
              () -> attentionBytes(length)));
    }
    rows.add(threads("matmul", GrowthRows::matmul));
    rows.add(threads("matvec", GrowthRows::matvec));
    rows.add(threads("layer-norm", GrowthRows::layerNorm));
    rows.add(threads("attention", backend -> AttentionRows.forwardBackward(backend, TIME)));
    return rows;
  }

  /**
   * Time per token at 100,000 tokens of training over that at 1,000, of a model of 4 layers and 128
   * channels. A first run of as many steps leaves nothing to compile to the second.
   */
  private static double lateOverEarly() {
    stepSeconds();
    double[] seconds = stepSeconds();
    int early = FIRST_TOKEN / (BATCH * TIME);
    return Statistics.median(window(seconds, seconds.length - WINDOW))
        / Statistics.median(window(seconds, early));
  }

  private static double[] window(double[] seconds, int from) {
    return Arrays.copyOfRange(seconds, from, from + WINDOW);
  }

  private static double[] stepSeconds() {
    var random = new Philox(1);
    var model =
        new Gpt2CausalLm(Gpt2Config.tiny(2048), Weights.initialised(Device.CPU, random), random);
    var seconds = new double[LAST_TOKEN / (BATCH * TIME)];
    try (Trainer trainer = RandomTraining.of(model, BATCH, TIME, MixedPrecision.F32)) {
      for (int i = 0; i < seconds.length; i++) {
        seconds[i] = trainer.trainStep().seconds();
      }
    }
    return seconds;
  }

  /** The peak of live memory over T, inputs and gradients included, for both passes. */
  private static double attentionBytes(int time) {
    var backend = new VectorBackend();
    var options = AttentionOp.Options.causal(CHANNELS / HEADS);
    try (var scope = MemoryScope.open("attention")) {
      Tensor qkv = RandomData.uniform(backend, 1, 1, time, 3 * CHANNELS).requireGrad();
      AttentionOp.packed(qkv, HEADS, options).sum().backward();
    }
    return (double) backend.memory().peak() / time;
  }

  /** The same kernel on all threads and on one. */
  private static Row threads(String kernel, Function<Backend, TensorWork> work) {
    return new TimedRow(
        "growth/threads/" + kernel,
        Unit.MILLISECONDS,
        1,
        Cost.NONE,
        new Contender("Galen", () -> work.apply(Device.CPU.backend())),
        List.of(new Contender("Galen, 1 thread", () -> work.apply(new VectorBackend(1)))));
  }

  private static TensorWork matmul(Backend backend) {
    return product(backend, MatmulShape.single(256, 768, 768, false, false));
  }

  private static TensorWork matvec(Backend backend) {
    return product(backend, MatmulShape.single(1, 768, 768, false, false));
  }

  private static TensorWork product(Backend backend, MatmulShape shape) {
    Tensor a = RandomData.uniform(backend, 1, shape.m(), shape.k());
    Tensor b = RandomData.uniform(backend, 2, shape.k(), shape.n());
    Tensor c = RandomData.uniform(backend, 3, shape.m(), shape.n());
    return TensorWork.of(
        () -> backend.matmul().matmul(shape, a.span(), b.span(), null, c.span(), false), a, b, c);
  }

  private static TensorWork layerNorm(Backend backend) {
    int rows = TIME;
    Tensor x = RandomData.uniform(backend, 1, rows, CHANNELS);
    Tensor y = RandomData.uniform(backend, 2, rows, CHANNELS);
    Tensor weight = RandomData.uniform(backend, 3, CHANNELS);
    Tensor bias = RandomData.uniform(backend, 4, CHANNELS);
    Tensor mean = RandomData.uniform(backend, 5, rows);
    Tensor deviation = RandomData.uniform(backend, 6, rows);
    return TensorWork.of(
        () ->
            backend
                .norm()
                .layerNorm(
                    x.span(),
                    weight.span(),
                    bias.span(),
                    y.span(),
                    mean.span(),
                    deviation.span(),
                    rows,
                    CHANNELS,
                    1e-5),
        x,
        y,
        weight,
        bias,
        mean,
        deviation);
  }
}
