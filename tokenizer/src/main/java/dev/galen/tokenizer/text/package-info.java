/**
 * Text as the stages need it.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.text.Text}: UTF-8 that may know where it comes from.
 *   <li>{@link dev.galen.tokenizer.text.Utf8}: strict on the way in, lossy on the way out.
 *   <li>{@link dev.galen.tokenizer.text.Quote}: what a file says, within a message.
 * </ul>
 */
package dev.galen.tokenizer.text;
