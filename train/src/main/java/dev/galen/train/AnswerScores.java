package dev.galen.train;

/**
 * How near generated answers come to the references.
 *
 * @param questions answered
 * @param longest tokens an answer may have
 * @param cut answers that had not ended there, or where the context was full: what they lack counts
 *     against them in every figure
 * @param bleu corpus BLEU-4 over words, not smoothed, 0..1
 * @param sentenceBleu mean of the sentences' BLEU-4, smoothed by method 1, 0..1
 * @param rouge1 mean F of shared words, stemmed
 * @param rouge2 mean F of shared word pairs, stemmed
 * @param rougeL mean F of the longest common subsequence, stemmed
 * @param decisions questions whose reference has a decision
 * @param rightDecisions of those, how many got the right one
 * @param unstatedDecisions of those, how many answers stated none, cut or not, so that the
 *     likeliest after the answer was taken
 */
public record AnswerScores(
    int questions,
    int longest,
    int cut,
    double bleu,
    double sentenceBleu,
    double rouge1,
    double rouge2,
    double rougeL,
    int decisions,
    int rightDecisions,
    int unstatedDecisions) {}
