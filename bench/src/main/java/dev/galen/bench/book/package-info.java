/**
 * The benchmark book: {@code ./galen bench}.
 *
 * <p>A {@code Row} has a name and is measured; {@code TimedRow} times contenders in turn by {@code
 * Interleaved}. The {@code ...Rows} classes hold one family of work each, {@code Book} all of them.
 * {@code Calibration} measures the machine, {@code Report} and {@code Roofline} write what came
 * out.
 */
package dev.galen.bench.book;
