/**
 * Reverse-mode differentiation: operations are recorded as they run and walked backwards.
 *
 * <p>{@link dev.galen.tensor.autograd.Autograd} records and walks; {@link
 * dev.galen.tensor.autograd.GradNode} is one recorded operation; {@link
 * dev.galen.tensor.autograd.Gradients} holds the gradients of one walk; {@link
 * dev.galen.tensor.autograd.Recompute} trades time for memory, {@link
 * dev.galen.tensor.autograd.Autocast} bits.
 */
package dev.galen.tensor.autograd;
