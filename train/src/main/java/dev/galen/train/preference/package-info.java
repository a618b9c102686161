/**
 * Learning from preferences: of two completions of a prompt one is the better.
 *
 * <ul>
 *   <li>{@code Completion}: a prompt with one of its completions, as ids, and its log-probability;
 *   <li>{@code PreferencePair}: what a policy and its reference say of both completions;
 *   <li>{@code PreferenceLoss}: the losses of TRL's {@code DPOTrainer} over pairs, with their
 *       derivatives;
 *   <li>{@code PreferenceModel}: a language model whose loss is one of them, for the trainer.
 * </ul>
 */
package dev.galen.train.preference;
