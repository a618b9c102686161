/**
 * Random numbers that are the same on every backend.
 *
 * <p>{@link dev.galen.tensor.random.Philox} is the generator and its state.
 */
package dev.galen.tensor.random;
