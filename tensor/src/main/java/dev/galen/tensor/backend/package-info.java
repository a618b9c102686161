/**
 * The contract between tensors and a machine, and the reference implementation of it.
 *
 * <p>{@link dev.galen.tensor.backend.Backend} gives memory and the kernel families; {@link
 * dev.galen.tensor.backend.Buffer} is raw memory, {@link dev.galen.tensor.backend.Span} a typed
 * piece. {@link dev.galen.tensor.backend.Backends} finds backends through {@link
 * dev.galen.tensor.backend.BackendProvider}. Kernels see spans, never tensors. {@link
 * dev.galen.tensor.backend.WeightFormat} is how weights are packed for inference; {@link
 * dev.galen.tensor.backend.CapturedStep} runs a step's kernels again as one piece.
 */
package dev.galen.tensor.backend;
