/**
 * What models compute on the way to their outputs.
 *
 * <p>{@link dev.galen.model.inside.Insights} keeps hidden states and attention weights of what a
 * model computes while they are open; {@link dev.galen.model.inside.Embedder} makes one vector of a
 * text, {@link dev.galen.model.inside.Pooling} says how.
 */
package dev.galen.model.inside;
