package dev.galen.bench;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.train.StepReport;
import dev.galen.train.Trainer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.MixedPrecision;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A training step of GPT-2 124M: forward, backward, clipping and AdamW, on random tokens. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
public class TrainStepBenchmark {
  /** B. */
  @Param("4")
  public int batch;

  /** T. */
  @Param("64")
  public int time;

  /** What products compute in. */
  @Param("F32")
  public MixedPrecision precision;

  private Trainer trainer;

  /** Builds the model; the first loss must be that of a model that knows nothing. */
  @Setup(Level.Trial)
  public void prepare() {
    Gpt2CausalLm model = RandomGpt2.create();
    var random = new SplittableRandom(1);
    List<TokenSequence> data = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      int[] ids = random.ints(time, 0, model.vocabularySize()).toArray();
      data.add(new TokenSequence(ids, ids));
    }
    var config =
        TrainingConfig.builder().steps(1_000_000).batchSize(batch).precision(precision).build();
    trainer = new Trainer(model, config, data, List.of(), 0);
    double loss = trainer.trainStep().loss();
    double expected = Math.log(model.vocabularySize());
    if (Math.abs(loss - expected) > 0.5) {
      throw new IllegalStateException("first loss " + loss + ", expected about " + expected);
    }
  }

  /** One update. */
  @Benchmark
  public StepReport step() {
    return trainer.trainStep();
  }

  /** Frees the optimizer's memory. */
  @TearDown(Level.Trial)
  public void close() {
    trainer.close();
  }
}
