/**
 * GPT-2, top to bottom.
 *
 * <p>{@link dev.galen.model.gpt2.Gpt2} is the trunk with its blocks; {@link
 * dev.galen.model.gpt2.Gpt2CausalLm} and {@link dev.galen.model.gpt2.Gpt2Classifier} put heads on
 * it; {@link dev.galen.model.gpt2.Gpt2Config} is its shape and {@link
 * dev.galen.model.gpt2.Gpt2Architecture} HuggingFace's spelling of it.
 */
package dev.galen.model.gpt2;
