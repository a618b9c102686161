package dev.galen.examples.clinical.ingest;

import dev.galen.train.data.Origin;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A file that is read, with what its beginning says of it. A {@code .gz} is uncompressed. */
final class SourceFile {
  /** Bytes of the beginning that formats are told by. */
  private static final int HEAD = 1 << 16;

  private final Path path;
  private final String name;
  private final boolean gzip;
  private final byte[] head;
  private final String headText;

  private SourceFile(Path path, String name, Charset charset) throws IOException {
    this.path = path;
    this.gzip = name.toLowerCase(Locale.ROOT).endsWith(".gz");
    this.name = gzip ? name.substring(0, name.length() - 3) : name;
    try (InputStream in = open()) {
      head = in.readNBytes(HEAD);
    } catch (ZipException | EOFException e) {
      throw origin(0).error("no whole gzip file: " + e.getMessage());
    }
    try (var reader = TextReader.of(new java.io.ByteArrayInputStream(head), charset)) {
      var text = new char[HEAD];
      int length = 0;
      for (int count; length < HEAD && (count = reader.read(text, length, HEAD - length)) > 0; ) {
        length += count;
      }
      headText = new String(text, 0, length);
    }
  }

  /**
   * Looks at a file.
   *
   * @param root the folder that was given, which names of documents are relative to, or null
   */
  static SourceFile of(Path path, Path root, Charset charset) throws IOException {
    Path name = root == null ? path.getFileName() : root.relativize(path);
    return new SourceFile(path, name.toString().replace('\\', '/'), charset);
  }

  Path path() {
    return path;
  }

  boolean isCompressed() {
    return gzip;
  }

  /** The name within its folder, without {@code .gz} and the ending before it. */
  String stem() {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
  }

  /** What the name ends in, without the dot, {@code .gz} left out; empty if it has no dot. */
  String ending() {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') ? name.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
  }

  /** Whether the name ends in one of these. */
  boolean endsIn(String... endings) {
    return Arrays.asList(endings).contains(ending());
  }

  /** The first 64 KiB. */
  byte[] head() {
    return head;
  }

  /** The first 64 KiB as text; the last characters may be cut. */
  String headText() {
    return headText;
  }

  /** The beginning without white space in front. */
  boolean beginsWith(String text) {
    int at = 0;
    while (at < headText.length() && Character.isWhitespace(headText.charAt(at))) {
      at++;
    }
    return headText.startsWith(text, at);
  }

  /** Whether the beginning is that of a binary file. */
  boolean isBinary() {
    return headText.indexOf('\0') >= 0;
  }

  Origin origin(long line) {
    return new Origin(path.toString(), line);
  }

  InputStream open() throws IOException {
    InputStream in = Files.newInputStream(path);
    if (!gzip) {
      return in;
    }
    try {
      return new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  TextReader text(Charset charset) throws IOException {
    return TextReader.of(open(), charset);
  }
}
