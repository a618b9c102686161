/**
 * Sections of notes: where their headings stand and what they are called everywhere.
 *
 * <p>{@link dev.galen.examples.clinical.structure.section.Sections} is the way in; {@link
 * dev.galen.examples.clinical.structure.section.SectionNames} knows the headings, from {@code
 * sections.txt}.
 */
package dev.galen.examples.clinical.structure.section;
