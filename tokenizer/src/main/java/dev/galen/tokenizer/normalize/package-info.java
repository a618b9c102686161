/**
 * What rewrites a text before it is cut.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.normalize.BertNormalizer}, {@link
 *       dev.galen.tokenizer.normalize.Lowercase}, {@link dev.galen.tokenizer.normalize.Strip} and
 *       {@link dev.galen.tokenizer.normalize.CharacterNormalizer}: character by character.
 *   <li>{@link dev.galen.tokenizer.normalize.UnicodeForm}: NFC and its kin, by {@code
 *       Decomposition}, {@code CombiningClass} and {@code Composition}.
 *   <li>{@link dev.galen.tokenizer.normalize.Precompiled}: SentencePiece's map.
 *   <li>{@link dev.galen.tokenizer.normalize.NormalizerChain}: several.
 * </ul>
 */
package dev.galen.tokenizer.normalize;
