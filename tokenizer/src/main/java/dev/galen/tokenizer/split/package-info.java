/**
 * What cuts a text.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.split.AddedTokens}: tokens that are found in the text itself.
 *   <li>{@link dev.galen.tokenizer.split.ByteLevelSplit}: GPT-2's words, by {@code WordBoundaries};
 *       {@link dev.galen.tokenizer.split.NumberedWords}: LLaMA 3's and Qwen2's.
 *   <li>{@link dev.galen.tokenizer.split.CharacterSplit}, {@link
 *       dev.galen.tokenizer.split.PatternSplit}: at characters of a kind, at a pattern; {@link
 *       dev.galen.tokenizer.split.Behavior} is what becomes of them.
 *   <li>{@link dev.galen.tokenizer.split.Metaspace}: at spaces, which become visible.
 *   <li>{@link dev.galen.tokenizer.split.PreTokenizerChain}: several.
 * </ul>
 */
package dev.galen.tokenizer.split;
