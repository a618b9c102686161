/**
 * HuggingFace directories in and out.
 *
 * <p>{@link dev.galen.model.pretrained.Pretrained} loads and saves model and tokenizer together;
 * {@link dev.galen.model.pretrained.Architectures} knows every architecture there is. Files are
 * mapped, F32 weights are used in place.
 */
package dev.galen.model.pretrained;
