/**
 * Tokens back to text.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.decode.Decoders}: HuggingFace's decoders; {@link
 *       dev.galen.tokenizer.decode.DecoderChain} joins them.
 *   <li>The byte-level one stands beside its model: {@code dev.galen.tokenizer.bpe}.
 * </ul>
 */
package dev.galen.tokenizer.decode;
