/**
 * NVIDIA GPUs: kernels of our own in {@code src/main/cuda}, products by cuBLAS.
 *
 * <p>{@link dev.galen.kernels.cuda.CudaBackendProvider} says whether a GPU can be used and why not;
 * {@code CudaContext} owns device, stream and memory; {@code KernelLibrary} finds the compiled
 * kernels and {@code Launch} calls them; one {@code Cuda...} class per kernel family checks its
 * operands and chooses the grid.
 */
package dev.galen.kernels.cuda;
