package dev.galen.bench;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Decoding with GPT-2 124M, batch 1: 64 tokens after a prompt of 32, with each format of weights,
 * and beside it a bound of the time to read the model's F32 weights once, which each token has to.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 8, time = 2)
public class DecodeBenchmark {
  private static final int PROMPT = 32;
  private static final int NEW_TOKENS = 64;

  /** How the matrices are stored. */
  @Param public WeightFormat weights;

  private Gpt2CausalLm model;
  private KvCache cache;
  private int[] prompt;

  /** Builds the model; logits through the cache must equal those of a whole forward pass. */
  @Setup(Level.Trial)
  public void prepare() {
    model = RandomGpt2.create(weights);
    prompt = RandomData.ids(PROMPT, model.vocabularySize());
    try (var scope = MemoryScope.open("verification");
        var off = Autograd.noGrad();
        var fresh = model.newCache(1, PROMPT)) {
      Tensor whole = model.logits(ids(prompt)).slice(1, PROMPT - 1, PROMPT);
      model.next(ids(Arrays.copyOf(prompt, PROMPT - 1)), fresh);
      Tensor cached =
          model.next(ids(prompt[PROMPT - 1]), fresh).reshape(1, 1, model.vocabularySize());
      TensorAssert.assertClose("cached logits", whole, cached, Tolerance.of(DType.F32, 12L * 3072));
    }
  }

  private Tensor ids(int... ids) {
    return Tensors.of(model.backend(), ids, 1, ids.length);
  }

  /** A fresh cache that has seen the prompt. */
  @Setup(Level.Invocation)
  public void prefill() {
    cache = model.newCache(1, PROMPT + NEW_TOKENS);
    GreedyDecoding.next(model, cache, prompt);
  }

  /** Frees the cache. */
  @TearDown(Level.Invocation)
  public void release() {
    cache.close();
  }

  /** Time per token. */
  @Benchmark
  @OperationsPerInvocation(NEW_TOKENS)
  public int decode() {
    int id = prompt[0];
    for (int i = 0; i < NEW_TOKENS; i++) {
      id = GreedyDecoding.next(model, cache, id);
    }
    return id;
  }

  /** The model whose F32 weights are read. */
  @State(Scope.Benchmark)
  public static class Unpacked {
    private final Gpt2CausalLm model = RandomGpt2.create();
  }

  /**
   * The time to read every F32 weight once, by a sum of squares in double precision: an upper bound
   * of what memory asks for a token, since the sum costs time as well.
   */
  @Benchmark
  public double readWeights(Unpacked unpacked) {
    double sum = 0;
    for (Tensor weight : unpacked.model.parameters().values()) {
      sum += weight.backend().reduce().sumOfSquares(weight.contiguousSpan());
    }
    return sum;
  }
}
