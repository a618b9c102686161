package dev.galen.examples.formats;

import dev.hardwood.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A mapped file that refuses to read nothing: there are damaged files at which Hardwood 1.0 would
 * ask for that without end.
 */
record StrictInput(InputFile file) implements InputFile {

  static StrictInput of(Path path) {
    return new StrictInput(InputFile.of(path));
  }

  @Override
  public void open() throws IOException {
    file.open();
  }

  @Override
  public ByteBuffer readRange(long offset, int length) throws IOException {
    if (length <= 0) {
      throw new IOException("it ends too early");
    }
    return file.readRange(offset, length);
  }

  @Override
  public long length() throws IOException {
    return file.length();
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
