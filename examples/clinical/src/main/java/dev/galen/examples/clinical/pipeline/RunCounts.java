package dev.galen.examples.clinical.pipeline;

/**
 * What became of the records of a source.
 *
 * @param read records of the source so far
 * @param written documents that came of them
 * @param rejected records that could not be used
 * @param quarantined documents whose text did not survive its way here
 */
public record RunCounts(long read, long written, long rejected, long quarantined) {
  /** Nothing yet. */
  public static final RunCounts NONE = new RunCounts(0, 0, 0);

  /** Counts of a run that quarantined nothing. */
  public RunCounts(long read, long written, long rejected) {
    this(read, written, rejected, 0);
  }

  RunCounts plus(RunCounts other) {
    return new RunCounts(
        read + other.read,
        written + other.written,
        rejected + other.rejected,
        quarantined + other.quarantined);
  }
}
