package dev.galen.examples.clinical.duplicate;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.DocumentJson;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.examples.clinical.pipeline.StrictLines;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where the documents of some files lie, so that any of them can be read again. */
final class DocumentOffsets implements DuplicateFinder.Texts, AutoCloseable {
  /** Takes a document that was read. */
  interface Sink {
    void accept(Document document) throws IOException;
  }

  /** Bytes of a line that are read at once; most lines have no more. */
  private static final int FIRST_READ = 2048;

  private final List<Path> files;
  private final List<FileChannel> channels = new ArrayList<>();

  /** The number of documents before each file's. */
  private final List<Integer> firsts = new ArrayList<>();

  private long[] offsets = new long[1 << 12];
  private int count;
  private long rejected;

  DocumentOffsets(List<Path> files) {
    this.files = List.copyOf(files);
  }

  /** Reads all documents and hands them on; lines that are none are counted. */
  void read(Sink sink) throws IOException {
    for (Path file : files) {
      firsts.add(count);
      try (InputStream in = StrictLines.open(file)) {
        channels.add(FileChannel.open(file));
        var lines = new StrictLines(in);
        while (lines.next()) {
          String line = lines.text();
          if (line != null && line.isBlank()) {
            continue;
          }
          if (line == null) {
            rejected++;
            continue;
          }
          Document document;
          try {
            document = DocumentJson.read(line, new Origin(file.toString(), lines.number()));
          } catch (RejectedException e) {
            rejected++;
            continue;
          }
          if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
          }
          offsets[count++] = lines.begin();
          sink.accept(document);
        }
      }
    }
  }

  /** How many lines were no documents. */
  long rejected() {
    return rejected;
  }

  @Override
  public String at(int place) throws IOException {
    int file = files.size() - 1;
    while (firsts.get(file) > place) {
      file--;
    }
    String line = line(channels.get(file), offsets[place]);
    try {
      return DocumentJson.read(line, new Origin(files.get(file).toString(), 0)).text();
    } catch (RejectedException e) {
      throw new IOException(files.get(file) + ": was changed while it was read", e);
    }
  }

  /** The line that begins at an offset. */
  private static String line(FileChannel channel, long offset) throws IOException {
    var bytes = ByteBuffer.allocate(FIRST_READ);
    int seen = 0;
    while (channel.read(bytes, offset + bytes.position()) >= 0) {
      for (; seen < bytes.position(); seen++) {
        if (bytes.get(seen) == '\n') {
          return decoded(bytes, seen);
        }
      }
      if (!bytes.hasRemaining()) {
        bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), 2 * seen)).position(seen);
      }
    }
    return decoded(bytes, seen);
  }

  /** The text of some bytes, without a byte order mark. */
  private static String decoded(ByteBuffer bytes, int length) {
    String text = new String(bytes.array(), 0, length, StandardCharsets.UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : channels) {
      channel.close();
    }
  }
}
