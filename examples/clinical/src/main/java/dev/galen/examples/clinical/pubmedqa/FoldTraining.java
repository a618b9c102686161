package dev.galen.examples.clinical.pubmedqa;

/**
 * How the classifier of a fold learns from its records.
 *
 * @param epochs passes over them
 * @param rate the peak learning rate, linear to 0
 * @param batch pairs an update
 * @param dropout while it learns
 * @param weighting how much more rare decisions count: their weight is (n / 3 n_k)^weighting
 * @param masked share of the tokens that each pass hides, others each time
 * @param decay of the weights
 * @param artificial passes over {@link ArtificialQuestions} of the fold's own training records,
 *     which come before these
 * @param asks whether the question is shown beside the text
 */
public record FoldTraining(
    int epochs,
    double rate,
    int batch,
    double dropout,
    double weighting,
    double masked,
    double decay,
    int artificial,
    boolean asks) {
  /** After pretraining; chosen by cross-validation on the training folds, see docs/clinical.md. */
  public static final FoldTraining PRETRAINED =
      new FoldTraining(4, 3e-4, 16, 0.2, 0, 0, 0.01, 0, true);

  /** From random weights; chosen in the same way. */
  public static final FoldTraining RANDOM =
      new FoldTraining(6, 1e-3, 16, 0.2, 0, 0.1, 0.01, 4, true);
}
