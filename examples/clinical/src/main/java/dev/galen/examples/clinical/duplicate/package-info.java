/**
 * Finds documents that are the same or nearly so, among millions: {@link
 * dev.galen.examples.clinical.duplicate.DuplicateFinder} keeps a signature of each text and no
 * text.
 *
 * <p>{@link dev.galen.examples.clinical.duplicate.DuplicateFiles} does it for files of documents,
 * and parts them so that no duplicates stand on both sides of a split.
 */
package dev.galen.examples.clinical.duplicate;
