package dev.galen.model.engine;

/**
 * What an engine does and has done, for metrics.
 *
 * @param running texts that are made now
 * @param waiting requests that wait now
 * @param kvBytesUsed bytes of keys and values that texts hold now
 * @param kvBytes the budget
 * @param promptTokens computed of prompts, those computed again counted again
 * @param cachedTokens of prompts, not computed because they were there
 * @param newTokens made
 * @param preemptions times that a text was put off for want of memory
 * @param refused requests that were refused because too many waited
 * @param ended texts that ended, by {@link EndReason#ordinal}
 * @param steps of the model
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record EngineFigures(
    int running,
    int waiting,
    long kvBytesUsed,
    long kvBytes,
    long promptTokens,
    long cachedTokens,
    long newTokens,
    long preemptions,
    long refused,
    long[] ended,
    long steps) {
  /** How many texts ended for {@code reason}. */
  public long ended(EndReason reason) {
    return ended[reason.ordinal()];
  }
}
