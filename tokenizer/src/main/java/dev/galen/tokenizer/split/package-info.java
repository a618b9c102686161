/**
 * What cuts a text.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.split.AddedTokens}: tokens that are found in the text itself.
 *   <li>{@link dev.galen.tokenizer.split.ByteLevelSplit}: GPT-2's words, by {@code WordBoundaries}.
 * </ul>
 */
package dev.galen.tokenizer.split;
