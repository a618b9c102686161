package dev.galen.model.engine;

import dev.galen.model.nn.KvCache;
import java.util.List;

/** Keys and values of the texts that an engine makes, within its budget. For one thread. */
interface SequenceMemory extends AutoCloseable {
  /** What is kept of one text. */
  interface Kept {
    /** The number of its positions that are there. */
    int length();
  }

  /**
   * A place for a text, with what there is already of its beginning.
   *
   * @param text whose ids and adapter say what it may share
   * @return null where the budget has nothing left
   */
  Kept begin(Text text);

  /** Makes room for a text of {@code positions} in all; whether the budget has it. */
  boolean reserve(Kept kept, int positions);

  /** Through what a step of these texts runs; close it behind the step where they are several. */
  KvCache cache(List<Kept> rows);

  /** Makes the computed positions of a text known to others that begin alike. */
  void share(Kept kept, Text text);

  /** Shares it with nobody any more: a step was broken off. */
  void forget(Kept kept);

  /** Gives a text's memory back, which may stay for those that begin alike while there is room. */
  void release(Kept kept);

  /** Whether several texts can go through one step. */
  boolean joins();

  /** The most positions of a text that has all of the memory. */
  int mostPositions();

  /** Bytes that texts hold. */
  long used();

  @Override
  void close();
}
