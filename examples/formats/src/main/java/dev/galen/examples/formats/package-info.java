/**
 * Formats of data sets that need more than the core has: Parquet, and Arrow as HuggingFace's {@code
 * datasets} keeps it.
 *
 * <ol>
 *   <li>{@link dev.galen.examples.formats.ParquetFormat} reads {@code .parquet}, by Hardwood.
 *   <li>{@link dev.galen.examples.formats.ArrowFormat} reads {@code .arrow} and the folders of
 *       {@code save_to_disk}, by {@code ArrowReader}; a message's metadata are a {@code FlatTable}.
 *   <li>Both make {@code Column}s of some rows at a time, and rows of these.
 * </ol>
 */
package dev.galen.examples.formats;
