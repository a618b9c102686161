/**
 * Text to ids and back.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.Tokenizer}, {@link dev.galen.tokenizer.SpecialTokens} and {@link
 *       dev.galen.tokenizer.StreamingDecoder}: what every caller sees.
 *   <li>{@link dev.galen.tokenizer.BpeTokenizer}: GPT-2's byte-level BPE. Text flows through {@code
 *       AddedTokens} (cuts out special tokens), {@code PreTokenizer} (cuts into words), {@code
 *       WordCache} (knows a word seen before) and {@code BpeMerger} (merges bytes by rank).
 *   <li>{@link dev.galen.tokenizer.BpeTrainer}: learns the merges from a corpus.
 *   <li>{@code Vocabulary}, {@code MergeTable}, {@code ByteLevel}, {@code Utf8}: the tables
 *       underneath.
 *   <li>{@code TokenizerDirectory}, {@code TokenizerJson}, {@code TokenizerConfig} and {@code
 *       PostProcessorJson}: HuggingFace's files in and out, by the rules of a {@code
 *       TokenizerClass}; {@code FileSet} replaces them as one.
 * </ul>
 */
package dev.galen.tokenizer;
