/**
 * BPE.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.bpe.ByteLevelBpe}: the model over bytes. {@code WordCache} knows
 *       a word seen before, {@code BpeMerger} merges the bytes of others by {@code MergeTable};
 *       {@link dev.galen.tokenizer.bpe.ByteLevelDecoder} goes back.
 *   <li>{@link dev.galen.tokenizer.bpe.CharacterBpe}: the model over characters.
 *   <li>{@link dev.galen.tokenizer.bpe.WordCounts} and {@link
 *       dev.galen.tokenizer.bpe.MergeLearner}: learn merges from a corpus.
 * </ul>
 */
package dev.galen.tokenizer.bpe;
