/**
 * Models, from layers to HuggingFace directories.
 *
 * <p>{@link dev.galen.model.LanguageModel} is what generation and training need to know of a model.
 * {@code nn} holds layers, {@code gpt2} the architecture, {@code generate} decoding, {@code
 * pretrained} directories in and out, {@code hub} the only code that opens a connection.
 */
package dev.galen.model;
