/**
 * Makes rows of instruction, input and output of documents, in the shape that {@code galen train}
 * takes: {@link dev.galen.examples.clinical.pairs.PairStep} by {@link
 * dev.galen.examples.clinical.pairs.PairTemplate}s, whose name and version stand in each row.
 *
 * <p>{@link dev.galen.examples.clinical.pairs.PairFormat} is how they are written, {@link
 * dev.galen.examples.clinical.pairs.PairLengths} how long they are.
 */
package dev.galen.examples.clinical.pairs;
