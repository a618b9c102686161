package dev.galen.train;

/**
 * How near generated answers come to the references.
 *
 * @param questions answered
 * @param bleu corpus BLEU-4 over words, not smoothed, 0..1
 * @param sentenceBleu mean of the sentences' BLEU-4, smoothed by method 1, 0..1
 * @param rouge1 mean F of shared words, stemmed
 * @param rouge2 mean F of shared word pairs, stemmed
 * @param rougeL mean F of the longest common subsequence, stemmed
 * @param decisions questions whose reference has a decision
 * @param rightDecisions of those, how many got the right one
 */
public record AnswerScores(
    int questions,
    double bleu,
    double sentenceBleu,
    double rouge1,
    double rouge2,
    double rougeL,
    int decisions,
    int rightDecisions) {}
