/**
 * Makes more training documents of those there are: {@link
 * dev.galen.examples.clinical.augment.AugmentStep} with synonyms, noise or paraphrases, and {@link
 * dev.galen.examples.clinical.augment.SelectedSource} with more or fewer of some classes.
 *
 * <p>Of training documents alone: one that is marked otherwise ends the run. Labels stay, spans
 * move along, and a copy is of its original's group, so that no split parts them.
 */
package dev.galen.examples.clinical.augment;
