/**
 * An architecture that Galen does not have, written against its public API: {@code
 * docs/your-own-model.md} explains it part by part.
 *
 * <p>{@link dev.galen.examples.llama.LlamaConfig} reads HuggingFace's config, {@link
 * dev.galen.examples.llama.Llama} is the model and loads its weights, {@link
 * dev.galen.examples.llama.TrainLlama} trains it by a loop of its own.
 */
package dev.galen.examples.llama;
