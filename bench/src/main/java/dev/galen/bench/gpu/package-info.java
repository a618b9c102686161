/**
 * What {@code bench/gpu/run} measures on a GPU, beside PyTorch on the same GPU.
 *
 * <p>{@link dev.galen.bench.gpu.GpuBench} is the main class, {@code GpuRow} a line of its table,
 * {@code KernelCase} a call that is verified and then timed, {@code Torch} the other side. {@code
 * *Rows} say what runs; {@code Sizes} how large it is.
 */
package dev.galen.bench.gpu;
