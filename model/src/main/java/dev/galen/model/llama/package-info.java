/**
 * LLaMA and its relatives Mistral and Qwen2: one model, three readers of configs.
 *
 * <p>{@link dev.galen.model.llama.Llama} is the trunk with its blocks; {@link
 * dev.galen.model.llama.LlamaCausalLm} and {@link dev.galen.model.llama.LlamaClassifier} put heads
 * on it; {@link dev.galen.model.llama.LlamaConfig} is its shape; {@link
 * dev.galen.model.llama.LlamaArchitecture}, {@link dev.galen.model.llama.MistralArchitecture} and
 * {@link dev.galen.model.llama.Qwen2Architecture} have HuggingFace's spelling of it.
 */
package dev.galen.model.llama;
