package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.Document;
import java.io.IOException;
import java.util.Map;

/** A text file is one document. */
final class TextFormat implements SourceFormat {
  /** A file with more characters is none of a note. */
  static final int LONGEST = 1 << 22;

  @Override
  public String name() {
    return "txt";
  }

  @Override
  public String reads() {
    return ".txt, .text, .md, or any text: a file is a document";
  }

  @Override
  public boolean recognises(SourceFile file) {
    return file.endsIn("txt", "text", "md", "note", "") && !file.isBinary();
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    String text = text(file, options);
    if (text == null) {
      sink.reject(file.origin(0), "over %d characters; cut it into documents".formatted(LONGEST));
    } else if (text.isBlank()) {
      sink.reject(file.origin(0), "is empty");
    } else if (TextReader.isBroken(text)) {
      sink.reject(file.origin(line(text)), notText(text, options));
    } else if (text.indexOf('\0') >= 0) {
      sink.reject(file.origin(0), "holds a NUL character: a binary file, or UTF-16 without a mark");
    } else {
      sink.accept(new Document(file.stem(), text, Map.of(), file.origin(1)));
    }
  }

  private static String notText(String text, IngestOptions options) {
    return "not valid "
        + options.charset()
        + "; name its encoding by --encoding, such as windows-1252";
  }

  private static long line(String text) {
    return text.substring(0, text.indexOf(TextReader.BROKEN)).chars().filter(c -> c == '\n').count()
        + 1;
  }

  /** All of a file; null if it is too long. */
  static String text(SourceFile file, IngestOptions options) throws IOException {
    var text = new StringBuilder();
    try (var reader = file.text(options.charset())) {
      var buffer = new char[1 << 14];
      for (int count; (count = reader.read(buffer, 0, buffer.length)) >= 0; ) {
        text.append(buffer, 0, count);
        if (text.length() > LONGEST) {
          return null;
        }
      }
    }
    return text.toString();
  }
}
