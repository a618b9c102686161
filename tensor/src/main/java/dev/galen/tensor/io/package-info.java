/**
 * Tensors on disk: HuggingFace's safetensors format, and files that are never half written.
 *
 * <ul>
 *   <li>Read: {@link dev.galen.tensor.io.TensorFiles} is what a model loads from, {@link
 *       dev.galen.tensor.io.SafetensorsFile} one file of it, {@link
 *       dev.galen.tensor.io.SafetensorsDirectory} one file or its shards by their index.
 *   <li>Write: {@link dev.galen.tensor.io.SafetensorsWriter} takes {@link
 *       dev.galen.tensor.io.NamedTensorData}, one tensor in memory at a time.
 *   <li>Any other file: {@link dev.galen.tensor.io.AtomicFile}.
 *   <li>Errors: {@link dev.galen.tensor.io.SafetensorsException}, one line each; {@link
 *       dev.galen.tensor.io.MappedFiles} names a file that was damaged while it was in use.
 *   <li>Inside: {@code Header} (the checks on reading), {@code FileImage} (the layout on writing),
 *       {@code ShardedSave} (the order of renames), {@code Index}, {@code StrictJson}.
 * </ul>
 */
package dev.galen.tensor.io;
