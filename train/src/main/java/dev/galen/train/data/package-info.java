/**
 * From examples to batches, on plain {@code int} arrays: nothing here knows a tensor.
 *
 * <ol>
 *   <li>{@link dev.galen.train.format.DataFiles} reads files into {@link
 *       dev.galen.train.data.Examples}, each with its {@link dev.galen.train.data.Origin}.
 *   <li>{@link dev.galen.train.data.Split} and {@link dev.galen.train.data.Splits} part them into
 *       train, validation and test, {@link dev.galen.train.data.Folds} for cross-validation; {@link
 *       dev.galen.train.data.Resampling} takes some of them more often.
 *   <li>{@link dev.galen.train.data.SequenceEncoder} and {@link
 *       dev.galen.train.data.PromptTemplate} turn them into {@link
 *       dev.galen.train.data.TokenSequence}s; {@link dev.galen.train.data.TokenFile} keeps them.
 *   <li>{@link dev.galen.train.data.BatchSampler} orders them, {@link dev.galen.train.data.Batch}
 *       pads them; a {@link dev.galen.train.data.DataPosition} resumes exactly there.
 * </ol>
 */
package dev.galen.train.data;
