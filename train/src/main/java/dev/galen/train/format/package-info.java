/**
 * From files to examples, and nothing of what becomes of them.
 *
 * <ol>
 *   <li>{@link dev.galen.train.format.DataFiles} tells a file's format by its name and beginning:
 *       JSON, JSON lines, CSV or text, each read as a stream of strict UTF-8.
 *   <li>Each row of the first three becomes one {@link dev.galen.train.data.Example}, whose kind
 *       its fields tell.
 * </ol>
 */
package dev.galen.train.format;
