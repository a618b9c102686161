/**
 * WordPiece.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.wordpiece.WordPiece}: the model of BERT.
 *   <li>{@link dev.galen.tokenizer.wordpiece.WordLevel}: a word is a token or unknown.
 * </ul>
 */
package dev.galen.tokenizer.wordpiece;
