/**
 * Findings and terms in texts.
 *
 * <p>{@link dev.galen.examples.clinical.structure.term.Findings} has a list of common signs and
 * diseases of its own and takes an {@link dev.galen.examples.clinical.structure.term.Ontology} for
 * many more; {@link dev.galen.examples.clinical.structure.term.Abbreviations} marks those of a
 * table; {@link dev.galen.examples.clinical.structure.term.Normaliser} writes preferred terms into
 * a text with the way back.
 */
package dev.galen.examples.clinical.structure.term;
