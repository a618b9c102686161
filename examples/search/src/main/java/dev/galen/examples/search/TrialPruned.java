package dev.galen.examples.search;

/** Thrown by an objective whose trial is not worth its time, see {@link Trial#shouldPrune}. */
public final class TrialPruned extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A trial that ends early. */
  public TrialPruned() {
    super("pruned");
  }
}
