/**
 * Differentiable operations, one final class each, forward and backward side by side.
 *
 * <p>Pointwise: Unary, Binary, Affine, Dropout, Cast. Views: Reshape, Permute, Slice, Expand; Copy,
 * Concat. Reductions: Reduce, Softmax, LogSoftmax. Products: Matmul, Linear, FeedForward. Layers:
 * LayerNorm, RmsNorm, Embedding, Attention, CrossEntropy. Without a gradient: Sample. Each is
 * entered in {@code OpCatalog} of {@code galen-tensor-testing}, or its test fails. {@link
 * dev.galen.tensor.ops.Recompute} trades time for memory.
 */
package dev.galen.tensor.ops;
