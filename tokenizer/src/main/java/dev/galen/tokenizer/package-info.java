/**
 * Text to ids and back.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.Tokenizer}, {@link dev.galen.tokenizer.SpecialTokens} and {@link
 *       dev.galen.tokenizer.StreamingDecoder}: what every caller sees.
 *   <li>{@code BpeTokenizer}: GPT-2's byte-level BPE. Text flows through {@code
 *       AddedTokens} (cut out special tokens), {@code PreTokenizer} (cut into words), {@code
 *       WordCache} (seen before?) and {@code BpeMerger} (merge bytes by rank).
 *   <li>{@code BpeTrainer}: learns the merges from a corpus.
 *   <li>{@code Vocabulary}, {@code MergeTable}, {@code ByteLevel}, {@code Utf8}: the tables
 *       underneath.
 *   <li>{@code TokenizerDirectory} and {@code TokenizerJson}: HuggingFace's files in and out.
 * </ul>
 */
package dev.galen.tokenizer;
