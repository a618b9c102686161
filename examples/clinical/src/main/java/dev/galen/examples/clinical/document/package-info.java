/**
 * A text with its fields and what is known about places of it, on disk as JSON lines.
 *
 * <p>Offsets are those of Java strings within the program and code points in files ({@link
 * dev.galen.examples.clinical.document.DocumentJson}). Whoever changes a text does it with {@link
 * dev.galen.examples.clinical.document.Edits}, so that annotations move along and places can be
 * told in the original.
 */
package dev.galen.examples.clinical.document;
