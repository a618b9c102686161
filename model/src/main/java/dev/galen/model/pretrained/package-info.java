/**
 * HuggingFace directories in and out.
 *
 * <p>{@link dev.galen.model.pretrained.Pretrained} loads and saves model and tokenizer together;
 * {@link dev.galen.model.pretrained.ModelDirectory} has what else lies there and lives on, {@link
 * dev.galen.model.pretrained.GenerationDefaults} how texts are to be continued; {@link
 * dev.galen.model.pretrained.LoadReport} says what became of each tensor. Files are mapped, F32
 * weights are used in place.
 */
package dev.galen.model.pretrained;
