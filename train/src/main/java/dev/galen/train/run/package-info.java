/**
 * A whole run: data in, a model trained, measured and saved.
 *
 * <p>{@link dev.galen.train.run.FineTuningSpec} says what is to be done, in Java or as JSON; {@link
 * dev.galen.train.run.FineTuning} does it, tells a {@link dev.galen.train.run.RunListener} on the
 * way and gives a {@link dev.galen.train.run.FineTuningResult}. {@code RunModel}, {@code RunData}
 * and {@code RunSequences} are its parts, {@code RunFolder}, {@code RunLog} and {@code RunReport}
 * what it writes.
 */
package dev.galen.train.run;
