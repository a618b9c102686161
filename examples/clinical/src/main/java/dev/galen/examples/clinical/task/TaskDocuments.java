package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.pipeline.Reject;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The documents of a source that have what a task needs. What cannot be used is told in a file of
 * rejects, {@code {"file", "line", "problem"}} a line, without a word of its text.
 *
 * @param documents in the source's order
 * @param rejected how many cannot be used
 */
public record TaskDocuments(List<Document> documents, long rejected) {
  /** Copies the list. */
  public TaskDocuments {
    documents = List.copyOf(documents);
  }

  /**
   * Reads a source.
   *
   * @param name of the source for people, such as its files
   * @param rejects where rejects are told; there is no such file where there are none
   * @param fields that a document must have, each with more than white space; its text, too
   * @throws IOException in one line if the source cannot be read, or has nothing that can be used
   */
  public static TaskDocuments read(
      DocumentSource source, String name, Path rejects, String... fields) throws IOException {
    var documents = new ArrayList<Document>();
    var problems = new StringBuilder();
    var count = new long[1];
    source.read(
        new DocumentSource.Sink() {
          @Override
          public void accept(Document document) throws IOException {
            String problem = problem(document, fields);
            if (problem == null) {
              documents.add(document);
            } else {
              reject(document.origin(), problem);
            }
          }

          @Override
          public void reject(Origin origin, String problem) throws IOException {
            count[0]++;
            problems.append(Reject.json(origin, problem)).append('\n');
          }

          @Override
          public void end() {}
        });
    Files.deleteIfExists(rejects);
    if (count[0] > 0) {
      Files.createDirectories(rejects.toAbsolutePath().getParent());
      AtomicFile.writeString(rejects, problems.toString());
    }
    if (documents.isEmpty()) {
      throw new IOException(
          "%s: no record can be used%s"
              .formatted(
                  name, count[0] > 0 ? ", all were rejected; see " + rejects : ": there are none"));
    }
    return new TaskDocuments(documents, count[0]);
  }

  private static String problem(Document document, String... fields) {
    if (document.text().isBlank()) {
      return "the text is blank; expected words";
    }
    for (String field : fields) {
      String value = document.field(field);
      if (value == null || value.isBlank()) {
        return "the field %s is %s; expected words"
            .formatted(field, value == null ? "missing" : "blank");
      }
    }
    return null;
  }

  /** The texts. */
  public List<String> texts() {
    return documents.stream().map(Document::text).toList();
  }

  /** A field of each. */
  public List<String> field(String name) {
    return documents.stream().map(document -> document.field(name)).toList();
  }

  /** What tells these texts and fields from others, in twelve hexadecimal digits. */
  String digest() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (Document document : documents) {
        digest.update(document.text().getBytes(StandardCharsets.UTF_8));
        digest.update(document.fields().toString().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
