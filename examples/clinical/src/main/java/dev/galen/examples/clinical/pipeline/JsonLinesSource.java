package dev.galen.examples.clinical.pipeline;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.DocumentJson;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Documents of files of JSON lines, as {@link DocumentJson} writes them. */
public final class JsonLinesSource implements DocumentSource {
  private final List<Path> files;

  /** The documents of all files, one after the other. */
  public JsonLinesSource(List<Path> files) {
    this.files = List.copyOf(files);
  }

  @Override
  public void read(Sink sink) throws IOException {
    for (Path file : files) {
      try (InputStream in = StrictLines.open(file)) {
        read(in, file.toString(), sink);
      }
    }
    sink.end();
  }

  private static void read(InputStream in, String name, Sink sink) throws IOException {
    var lines = new StrictLines(in);
    while (lines.next()) {
      var here = new Origin(name, lines.number());
      String line = lines.text();
      if (line == null) {
        sink.reject(here, "not valid UTF-8");
      } else if (!line.isBlank()) {
        Document document;
        try {
          document = DocumentJson.read(line, here);
        } catch (RejectedException e) {
          sink.reject(here, e.getMessage());
          continue;
        }
        sink.accept(document);
      }
    }
  }

  @Override
  public String stamp() throws IOException {
    var stamp = new StringBuilder();
    for (Path file : files) {
      stamp.append(file).append(' ').append(Files.size(file)).append(' ');
      stamp.append(Files.getLastModifiedTime(file)).append('\n');
    }
    return stamp.toString();
  }
}
