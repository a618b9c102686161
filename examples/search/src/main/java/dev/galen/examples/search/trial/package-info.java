/**
 * What is known of a study's trials: a {@link dev.galen.examples.search.trial.TrialRecord} each,
 * together a {@link dev.galen.examples.search.trial.History}, which samplers and pruners judge by.
 */
package dev.galen.examples.search.trial;
