/**
 * Mixtral, top to bottom.
 *
 * <p>{@link dev.galen.model.mixtral.Mixtral} is the trunk with its blocks; {@link
 * dev.galen.model.mixtral.MixtralCausalLm} puts a language model's head on it; {@link
 * dev.galen.model.mixtral.MixtralConfig} is its shape and {@link
 * dev.galen.model.mixtral.MixtralArchitecture} HuggingFace's spelling of it.
 */
package dev.galen.model.mixtral;
