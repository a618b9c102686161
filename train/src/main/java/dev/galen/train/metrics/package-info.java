/**
 * Evaluation metrics: pure functions and records over words, labels and numbers; no tensors.
 *
 * <ul>
 *   <li>{@code Bleu} with {@code Smoothing} (nltk's numbers), {@code SacreBleu} with {@code
 *       BleuTokenizer}, {@code Chrf} and {@code Ter} (sacrebleu's), {@code ExactMatch};
 *   <li>{@code Rouge} and {@code RougeScores} (Google's rouge_score), {@code PorterStemmer};
 *   <li>{@code Perplexity} of a text, {@code Perplexities} of several, {@code StridedWindow} for
 *       texts longer than the context;
 *   <li>{@code ClassScores}, {@code ConfusionMatrix}, {@code ContingencyTable}, {@code MultiLabel}:
 *       classes; {@code EntityScores} by an {@code EntityScheme}; {@code Averaging};
 *   <li>{@code RocCurve}, {@code PrecisionRecallCurve}, {@code CurveAverages}: ranking; {@code
 *       ProbabilityScores}, {@code Calibration}; {@code Regression};
 *   <li>{@code Significance}: Wilson's interval, McNemar's test, the paired bootstrap;
 *   <li>inside: {@code NGrams} counts, {@code Subsequence} aligns, {@code EditBeam} measures,
 *       {@code Thresholds} sorts, {@code Weighted} averages.
 * </ul>
 */
package dev.galen.train.metrics;
