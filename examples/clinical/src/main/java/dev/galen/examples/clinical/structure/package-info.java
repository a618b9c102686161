/**
 * From free text to its structure: sections, values, findings with their negation, terms, units and
 * the differences of two reports.
 *
 * <p>{@link dev.galen.examples.clinical.structure.StructureStep} puts the parts together as a step
 * over documents. The rooms: {@code section}, {@code value}, {@code assertion}, {@code term},
 * {@code unit}, {@code compare}, {@code tag}, and {@code scan}, on which they stand. Everything is
 * a function of the text alone and leaves it as it is; what is found are annotations.
 */
package dev.galen.examples.clinical.structure;
