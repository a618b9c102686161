package dev.galen.tensor.backend;

/**
 * The numbers of one AdamW update.
 *
 * @param learningRate step size
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled decay, multiplied by the learning rate
 * @param step the number of this update, from 1
 * @param gradientScale factor on the gradient before anything else (clipping)
 */
public record AdamWStep(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    long step,
    double gradientScale) {}
