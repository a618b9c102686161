/**
 * Text as the stages need it.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.text.Text}: UTF-8 that may know where it comes from.
 *   <li>{@link dev.galen.tokenizer.text.Rewriting}: makes another text of one.
 *   <li>{@link dev.galen.tokenizer.text.Characters}: what kind a character is; {@link
 *       dev.galen.tokenizer.text.CharsMap}: what SentencePiece puts in its place.
 *   <li>{@link dev.galen.tokenizer.text.ByteTrie}: what tokens a text begins with; {@link
 *       dev.galen.tokenizer.text.ByteLevel} and {@link dev.galen.tokenizer.text.ByteFallback}: how
 *       vocabularies spell bytes.
 *   <li>{@link dev.galen.tokenizer.text.Utf8}: strict on the way in, lossy on the way out.
 *   <li>{@link dev.galen.tokenizer.text.Quote}: what a file says, within a message.
 * </ul>
 */
package dev.galen.tokenizer.text;
