/**
 * Tensors: values on a backend that remember how they were computed.
 *
 * <p>{@link dev.galen.tensor.Tensor} is the value, {@link dev.galen.tensor.Tensors} makes them;
 * {@link dev.galen.tensor.DType}, {@link dev.galen.tensor.Shape}, {@link dev.galen.tensor.Layout}
 * and {@link dev.galen.tensor.Device} describe them; {@link dev.galen.tensor.ParameterBlock} lays
 * parameters and gradients out in two blocks.
 *
 * <p>Reverse-mode differentiation: {@link dev.galen.tensor.Autograd} records operations as they run
 * and walks them backwards, {@link dev.galen.tensor.GradNode} is one recorded operation, {@link
 * dev.galen.tensor.Gradients} holds the gradients of one walk. {@link dev.galen.tensor.Autocast}
 * casts for mixed precision.
 */
package dev.galen.tensor;
