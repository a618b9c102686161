/**
 * The corpus that Galen carries, for runs with nothing downloaded: {@link
 * dev.galen.examples.clinical.corpus.ClinicalCorpus} generates it from a table of textbook facts
 * and a table of sentences, both our own; {@link dev.galen.examples.clinical.corpus.Demonstration}
 * is how a small model learns it in minutes.
 */
package dev.galen.examples.clinical.corpus;
