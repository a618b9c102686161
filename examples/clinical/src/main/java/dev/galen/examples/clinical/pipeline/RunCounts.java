package dev.galen.examples.clinical.pipeline;

/**
 * What became of the records of a source.
 *
 * @param read records of the source so far
 * @param written documents that came of them
 * @param rejected records that could not be used
 */
public record RunCounts(long read, long written, long rejected) {
  /** Nothing yet. */
  public static final RunCounts NONE = new RunCounts(0, 0, 0);

  RunCounts plus(RunCounts other) {
    return new RunCounts(read + other.read, written + other.written, rejected + other.rejected);
  }
}
