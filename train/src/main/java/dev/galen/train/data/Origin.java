package dev.galen.train.data;

import java.io.IOException;
import java.util.Objects;

/**
 * Where an example comes from, so that a message about it can say so.
 *
 * @param file the file's path as the user gave it, or a word for what is not a file
 * @param line the line on which the record starts, counted from 1; 0 when there is none
 */
public record Origin(String file, long line) {

  /** The origin of an example that was made in the program. */
  public static final Origin MEMORY = new Origin("in memory", 0);

  /** Checks that the file is named. */
  public Origin {
    Objects.requireNonNull(file, "file");
  }

  /** {@code file:line}, or the file alone when there is no line. */
  @Override
  public String toString() {
    return line > 0 ? file + ":" + line : file;
  }

  /** An exception whose message is one line: this place, then what is wrong with it. */
  public IOException error(String problem) {
    return new IOException(this + ": " + problem);
  }
}
