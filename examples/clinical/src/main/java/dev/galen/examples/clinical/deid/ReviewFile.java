package dev.galen.examples.clinical.deid;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.galen.examples.clinical.document.CodePoints;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.train.data.Origin;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What was found, for a person to look over: a line of JSON for each identifier, {@code {"id",
 * "file", "line", "start", "end", "category", "rule", "confidence"}}, offsets in code points of the
 * original. It has no word of the text.
 */
public final class ReviewFile {
  private static final JsonMapper MAPPER = new JsonMapper();

  private ReviewFile() {}

  /** Writes what the rules find. */
  public static void write(DocumentSource source, Path file) throws IOException {
    write(source, file, IdentifierFinder::find);
  }

  /**
   * Writes the identifiers of all documents of a source.
   *
   * @throws IOException if the source cannot be read or the file not written
   */
  public static void write(DocumentSource source, Path file, Finder finder) throws IOException {
    if (file.toAbsolutePath().getParent() != null) {
      Files.createDirectories(file.toAbsolutePath().getParent());
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (BufferedWriter out = Files.newBufferedWriter(part)) {
      source.read(
          new DocumentSource.Sink() {
            @Override
            public void accept(Document document) throws IOException {
              lines(document, out, finder);
            }

            @Override
            public void reject(Origin origin, String problem) {
              // The run itself has told it.
            }

            @Override
            public void end() {
              // Nothing is held.
            }
          });
    }
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void lines(Document document, BufferedWriter out, Finder finder)
      throws IOException {
    var places = new CodePoints(document.text());
    for (Identifier one : finder.find(document.text())) {
      var line = JsonNodeFactory.instance.objectNode();
      line.put("id", document.id());
      line.put("file", document.origin().file());
      line.put("line", document.origin().line());
      line.put("start", places.offset(one.start()));
      line.put("end", places.offset(one.end()));
      line.put("category", one.category().name());
      line.put("rule", one.rule());
      line.put("confidence", one.confidence());
      out.write(MAPPER.writeValueAsString(line));
      out.write('\n');
    }
  }
}
