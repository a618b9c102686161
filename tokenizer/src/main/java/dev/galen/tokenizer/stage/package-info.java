/**
 * The stages of a tokenizer, and what passes between them.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.stage.Normalizer}, {@link
 *       dev.galen.tokenizer.stage.PreTokenizer}, {@link dev.galen.tokenizer.stage.TokenModel},
 *       {@link dev.galen.tokenizer.stage.PostProcessor} and {@link
 *       dev.galen.tokenizer.stage.Decoder}; {@link dev.galen.tokenizer.stage.Stages} has all five.
 *   <li>{@link dev.galen.tokenizer.stage.TokenList}: what a model makes of words, which {@link
 *       dev.galen.tokenizer.stage.WordCache} remembers; {@link dev.galen.tokenizer.stage.Piece}: a
 *       token with its place.
 *   <li>{@link dev.galen.tokenizer.stage.Vocabulary} and {@link
 *       dev.galen.tokenizer.stage.AddedToken}: the tokens.
 * </ul>
 */
package dev.galen.tokenizer.stage;
