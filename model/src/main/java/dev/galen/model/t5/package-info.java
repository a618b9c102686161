/**
 * T5 in its first form, version 1.1 and Flan.
 *
 * <p>{@link dev.galen.model.t5.T5} is encoder, decoder and head; {@link dev.galen.model.t5.T5Stack}
 * is one of the two with its blocks, {@link dev.galen.model.t5.T5Attention} what they attend by,
 * {@link dev.galen.model.t5.T5Distances} how far tokens are apart; {@link
 * dev.galen.model.t5.T5Config} is its shape and {@link dev.galen.model.t5.T5Architecture}
 * HuggingFace's spelling of it.
 */
package dev.galen.model.t5;
