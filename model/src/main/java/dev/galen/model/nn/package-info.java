/**
 * What networks are made of.
 *
 * <p>{@link dev.galen.model.nn.Layer} is a named tree of children and parameters; {@link
 * dev.galen.model.nn.Weights} is where constructors take parameters from: initialised, or loaded by
 * path. {@link dev.galen.model.nn.Linear}, {@link dev.galen.model.nn.Conv1D}, {@link
 * dev.galen.model.nn.Embedding}, {@link dev.galen.model.nn.LayerNorm}, {@link
 * dev.galen.model.nn.RmsNorm} and {@link dev.galen.model.nn.Dropout} are the leaves; {@link
 * dev.galen.model.nn.Rotary} turns queries and keys by their positions, {@link
 * dev.galen.model.nn.RotaryAttention} attends with them; {@link dev.galen.model.nn.FeedForward} and
 * {@link dev.galen.model.nn.GatedFeedForward} join projections; {@link dev.galen.model.nn.Weight}
 * is a matrix, dense, packed or with an update of low rank, {@link dev.galen.model.nn.KvCache}
 * keeps keys and values, and {@link dev.galen.model.nn.CrossCache} those of an encoded text.
 */
package dev.galen.model.nn;
