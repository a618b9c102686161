/**
 * SentencePiece's own files, as its own library reads them.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.sentencepiece.ModelFile}: what a file says; {@code Protobuf}
 *       reads it.
 *   <li>{@link dev.galen.tokenizer.sentencepiece.SentencePiece}: the model, by {@code UnigramModel}
 *       or {@code BpeModel}; {@code SpaceNormalizer} goes before it.
 *   <li>{@link dev.galen.tokenizer.sentencepiece.PieceDecoder}: pieces back to text.
 * </ul>
 */
package dev.galen.tokenizer.sentencepiece;
