package dev.galen.examples.clinical.pipeline;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is written on from a length. */
final class GrowingFile implements AutoCloseable {
  private final OutputStream out;
  private long length;

  GrowingFile(Path file, long length) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.truncate(length);
    channel.position(length);
    out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    this.length = length;
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
    length += bytes.length;
  }

  /** The length of the file, all of which has been handed to the system. */
  long flushed() throws IOException {
    out.flush();
    return length;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
