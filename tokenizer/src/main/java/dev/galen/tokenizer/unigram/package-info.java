/**
 * The unigram language model.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.unigram.Unigram}: the model.
 *   <li>{@link dev.galen.tokenizer.unigram.Viterbi}: the likeliest way to cut a text.
 *   <li>{@link dev.galen.tokenizer.unigram.UnigramLearner}: learns the pieces, from {@code Seeds},
 *       by the {@code Lattice} of all ways to cut.
 * </ul>
 */
package dev.galen.tokenizer.unigram;
