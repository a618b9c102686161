package dev.galen.examples.clinical.structure.scan;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of a list of phrases: {@code kind name more = phrase | phrase}. Empty lines and those that
 * begin with {@code #} say nothing.
 *
 * @param head the words before the sign of equality
 * @param phrases the phrases behind it
 */
public record Phrases(List<String> head, List<String> phrases) {
  /** The lines of a resource beside {@code owner}. */
  public static List<Phrases> of(Class<?> owner, String resource) {
    List<Phrases> lines = new ArrayList<>();
    try (InputStream in = owner.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource + " beside " + owner.getName());
      }
      var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        int equals = line.indexOf(" = ");
        List<String> phrases = new ArrayList<>();
        for (String phrase : line.substring(equals + 3).split("\\|")) {
          phrases.add(phrase.strip());
        }
        lines.add(new Phrases(List.of(line.substring(0, equals).strip().split(" +")), phrases));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }
}
