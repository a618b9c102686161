package dev.galen.train.metrics;

/** The three usual ROUGE scores of one prediction, see {@link Rouge#score}. */
public record RougeScores(Rouge.Score rouge1, Rouge.Score rouge2, Rouge.Score rougeL) {}
