/**
 * Text to ids and back.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.Tokenizer}, {@link dev.galen.tokenizer.Encoding}, {@link
 *       dev.galen.tokenizer.SpecialTokens} and {@link dev.galen.tokenizer.StreamingDecoder}: what
 *       every caller sees.
 *   <li>{@link dev.galen.tokenizer.TokenizerFiles}: loads one; {@link
 *       dev.galen.tokenizer.BpeTrainer}, {@link dev.galen.tokenizer.WordPieceTrainer} and {@link
 *       dev.galen.tokenizer.UnigramTrainer}: learn one from a corpus.
 *   <li>{@link dev.galen.tokenizer.Truncation} and {@link dev.galen.tokenizer.Padding}: lengths.
 *   <li>{@code TokenizerPipeline} joins the stages of {@code tokenizer.json}: {@code EncodingRun}
 *       is the way of one text through them, {@code Places} notes where its tokens stand.
 *   <li>The packages below know nothing of this one: {@code text} and {@code stage} (the five
 *       interfaces), their components in packages of their own, and {@code hf}, which reads them
 *       from files.
 * </ul>
 */
package dev.galen.tokenizer;
