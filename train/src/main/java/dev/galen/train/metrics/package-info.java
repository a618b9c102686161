/**
 * Evaluation metrics: pure functions and records over words, labels and numbers; no tensors.
 *
 * <ul>
 *   <li>{@code Bleu} with {@code Smoothing} (nltk's numbers), {@code SacreBleu} (sacrebleu's);
 *   <li>{@code Rouge} and {@code RougeScores} (Google's rouge_score), {@code PorterStemmer};
 *   <li>{@code Perplexity}, and {@code StridedWindow} for texts longer than the context;
 *   <li>{@code ConfusionMatrix}: accuracy, precision, recall, F1; {@code RocCurve}: its area;
 *   <li>inside: {@code NGrams} counts, {@code Subsequence} aligns.
 * </ul>
 */
package dev.galen.train.metrics;
