package dev.galen.tensor.backend;

/**
 * Work that a backend has captured, as a CUDA graph say, and runs again as one piece: the same
 * kernels on the same memory, whatever that memory holds by then. See {@link Backend#capture}.
 */
public interface Capture extends AutoCloseable {
  /**
   * Runs the work once, behind everything before.
   *
   * @param counters added to every Philox counter that the work draws from, so that it draws other
   *     numbers than it would have when it was captured; 0 for the same ones
   */
  void replay(long counters);

  /** Gives the work's memory back. Closing twice is a no-op. */
  @Override
  void close();
}
