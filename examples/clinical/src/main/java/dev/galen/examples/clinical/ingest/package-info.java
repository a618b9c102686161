/**
 * Reads what hospitals and publishers have into documents, streamed, with what is malformed told by
 * file and line.
 *
 * <p>{@link dev.galen.examples.clinical.ingest.IngestSource} goes through files and folders. {@code
 * SourceFormats} lists the kinds of files; those that hold rows (CSV, JSON, JSON lines, Parquet)
 * ask {@code RowShapes} what a row means. {@link dev.galen.examples.clinical.ingest.PublishedSet}
 * knows the research sets, and {@link dev.galen.examples.clinical.ingest.IntegrityCheck} finds
 * texts that did not survive.
 */
package dev.galen.examples.clinical.ingest;
