/**
 * What tests of Galen and of its users' operations stand on.
 *
 * <p>{@link dev.galen.tensor.testing.GradCheck} holds gradients against differences; {@link
 * dev.galen.tensor.testing.Tolerance} says how near is near enough; {@link
 * dev.galen.tensor.testing.TensorAssert} compares; {@link dev.galen.tensor.testing.OpCatalog} lists
 * every operation with calls that exercise it.
 */
package dev.galen.tensor.testing;
