/**
 * The CPU backend by {@code jdk.incubator.vector}, the only package that names that module.
 *
 * <p>{@code VectorBackendProvider} says whether it can run; {@code VectorBackend} hands out one
 * class per kernel family ({@code VectorMatmul}, ...). {@code Lanes} is the vector width, {@code
 * WorkerPool} the threads, {@code F32} the door. A matrix product is {@code Gemm} over {@code
 * Packing} and the generated {@code Microkernels}; of a few rows it is {@code Matvec}, with packed
 * weights {@code PackedDots}.
 */
package dev.galen.kernels.cpu;
