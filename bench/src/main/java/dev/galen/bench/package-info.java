/**
 * {@code ./galen bench}, and JMH benchmarks that verify before they time.
 *
 * <p>{@link dev.galen.bench.book.GalenBench} is the main class. {@code dev.galen.bench.book} times
 * whole work beside its peers; {@link dev.galen.bench.OpBenchmark} runs any operation of the
 * catalogue, {@link dev.galen.bench.TrainStepBenchmark} and {@link dev.galen.bench.DecodeBenchmark}
 * GPT-2 124M under JMH and its profilers. Results are kept in {@code bench/results}.
 */
package dev.galen.bench;
