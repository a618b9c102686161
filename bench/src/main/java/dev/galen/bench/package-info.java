/**
 * JMH benchmarks that verify before they time, on real shapes and random values.
 *
 * <p>{@link dev.galen.bench.OpBenchmark} runs any operation of the catalogue; {@link
 * dev.galen.bench.TrainStepBenchmark} and {@link dev.galen.bench.DecodeBenchmark} run GPT-2 124M.
 * {@link dev.galen.bench.GalenBench} is the main class; results are kept in {@code bench/results}.
 */
package dev.galen.bench;
