package dev.galen.train.optim;

/**
 * How an optimizer keeps its state.
 *
 * @param format in which it lies from update to update
 * @param seed of the bits that round it
 */
public record StateStorage(StateFormat format, long seed) {
  /** F32, which nothing rounds. */
  public static final StateStorage F32 = new StateStorage(StateFormat.F32, 0);
}
