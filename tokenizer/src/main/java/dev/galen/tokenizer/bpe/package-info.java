/**
 * Byte-level BPE.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.bpe.ByteLevelBpe}: the model. {@code WordCache} knows a word
 *       seen before, {@code BpeMerger} merges the bytes of others by {@code MergeTable}.
 *   <li>{@link dev.galen.tokenizer.bpe.ByteLevel}: how vocabularies spell bytes; {@link
 *       dev.galen.tokenizer.bpe.ByteLevelDecoder} reads it.
 *   <li>{@link dev.galen.tokenizer.bpe.WordCounts} and {@link
 *       dev.galen.tokenizer.bpe.MergeLearner}: learn merges from a corpus.
 * </ul>
 */
package dev.galen.tokenizer.bpe;
