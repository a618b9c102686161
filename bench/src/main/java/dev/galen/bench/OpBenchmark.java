package dev.galen.bench;

import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.testing.OpCase;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Any operation of {@link OpCases}, forward and backward, on random values. It is held against the
 * reference backend before it is timed. {@code galen bench ops} runs it for every case.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
public class OpBenchmark {
  /** The name of the case. */
  @Param("Unary gelu tanh")
  public String op;

  /** Rows and columns of the operands: {@code B T x C} of GPT-2, and a size that fits nothing. */
  @Param({"256x768", "207x769"})
  public String shape;

  private OpRun run;

  /** Draws the inputs and verifies the operation on them. */
  @Setup(Level.Trial)
  public void prepare() {
    String[] dims = shape.split("x");
    OpCase opCase =
        OpCases.at(Integer.parseInt(dims[0]), Integer.parseInt(dims[1])).stream()
            .filter(candidate -> candidate.name().equals(op))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no case '" + op + "'"));
    OpRun.check(opCase, Device.CPU);
    run = OpRun.draw(opCase, Device.CPU);
  }

  /** Forward, and backward from a given gradient. */
  @Benchmark
  public Tensor forwardBackward() {
    try (var scope = MemoryScope.open("benchmark")) {
      run.forwardBackward();
      return run.inputs().getFirst().grad();
    }
  }
}
