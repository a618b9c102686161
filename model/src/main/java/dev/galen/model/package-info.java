/**
 * Models by what they are for, from layers to HuggingFace directories.
 *
 * <p>{@link dev.galen.model.Model} and its {@link dev.galen.model.Inputs} are what training needs
 * to know; the roles, such as {@link dev.galen.model.CausalLm}, {@link
 * dev.galen.model.SequenceClassifier}, {@link dev.galen.model.TokenClassifier}, {@link
 * dev.galen.model.MaskedLm} and {@link dev.galen.model.Seq2SeqLm}, say what outputs mean. {@code
 * nn} holds layers, {@code gpt2} an architecture, {@code generate} decoding, {@code pretrained}
 * directories in and out, {@code hub} the only code that opens a connection.
 */
package dev.galen.model;
