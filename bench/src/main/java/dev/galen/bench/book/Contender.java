package dev.galen.bench.book;

import dev.galen.bench.peer.Work;
import java.io.IOException;

/**
 * A library that can do a row's work.
 *
 * @param name as tables show it
 * @param source prepares the work; it is closed when the row is done
 */
public record Contender(String name, Source source) {
  /** Makes work ready to be timed. */
  @FunctionalInterface
  public interface Source {
    /** The work, its data made and its result checked. */
    Work prepare() throws IOException;
  }
}
