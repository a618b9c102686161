/**
 * What TensorBoard shows of a run, in its own files.
 *
 * <p>{@link dev.galen.train.tensorboard.TensorBoard} listens to a trainer; {@link
 * dev.galen.train.tensorboard.EventFile} writes a file of events: scalars, histograms, texts. Below
 * it {@code RecordFraming} has the frames and checksums of TFRecord, {@code Proto} protobuf's wire
 * format, and {@code Histogram} the buckets.
 */
package dev.galen.train.tensorboard;
