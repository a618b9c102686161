package dev.galen.bench;

import dev.galen.train.StepReport;
import dev.galen.train.Trainer;
import dev.galen.train.optim.MixedPrecision;
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
    trainer = RandomTraining.of(RandomGpt2.create(), batch, time, precision);
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
