package dev.galen.tensor.backend;

/**
 * The kernel families of one backend. A new family is one component here and a method of its name
 * in {@link Backend}.
 *
 * @param copy strided copies, casts and fills
 * @param pointwise element by element
 * @param reduce sums, maxima, softmax
 * @param matmul matrix products
 * @param norm normalisations
 * @param attention scaled dot-product attention
 * @param embedding rows by index
 * @param loss cross-entropy
 * @param optimizer parameter updates
 * @param weights products with weights packed for inference
 * @param random random numbers and dropout
 */
public record Kernels(
    CopyKernels copy,
    PointwiseKernels pointwise,
    ReduceKernels reduce,
    MatmulKernels matmul,
    NormKernels norm,
    AttentionKernels attention,
    EmbeddingKernels embedding,
    LossKernels loss,
    OptimizerKernels optimizer,
    WeightKernels weights,
    RandomKernels random) {}
