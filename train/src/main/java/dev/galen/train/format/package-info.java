/**
 * From files to examples, and nothing of what becomes of them.
 *
 * <ol>
 *   <li>{@link dev.galen.train.format.DataFiles} tells a file's format by its name and beginning:
 *       JSON, JSON lines, CSV, TSV or text, each read as a stream of strict UTF-8; what is none of
 *       these by a {@link dev.galen.train.format.DataFormat}, a service that gives rows.
 *   <li>Each row becomes one {@link dev.galen.train.data.Example} by the first {@link
 *       dev.galen.train.format.RowSchema} of {@link dev.galen.train.format.RowSchemas} that matches
 *       it. A module adds its own as services or in a list.
 *   <li>{@link dev.galen.train.format.RowFields} is a row as a schema sees it.
 * </ol>
 */
package dev.galen.train.format;
