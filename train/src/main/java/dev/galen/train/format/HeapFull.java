package dev.galen.train.format;

import java.nio.file.Path;

/** The JVM's word for a full heap names neither the file nor the way out. */
final class HeapFull {
  private HeapFull() {}

  /** What to throw for {@code e}, which came up while {@code file} was read. */
  static OutOfMemoryError of(Path file, OutOfMemoryError e) {
    String message = String.valueOf(e.getMessage());
    boolean heap =
        message.startsWith("Java heap space")
            || message.startsWith("GC overhead")
            || message.startsWith("Requested array size")
            || message.startsWith("Required length");
    if (!heap) {
      return e; // Memory outside of the heap, whose message says what to do.
    }
    return new OutOfMemoryError(
        "%s: what one record and those held of it need does not fit the JVM's heap of %,d MB; give"
                .formatted(file, Runtime.getRuntime().maxMemory() >> 20)
            + " it more, as with GALEN_JAVA_OPTS=-Xmx8g, or cut the file's records");
  }
}
