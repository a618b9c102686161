package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A copy of one of the inputs that users of other tools have reported; the README of each says what
 * is right, and by which library that is known.
 *
 * @param directory the copy
 */
record Report(Path directory) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies the report {@code name} to {@code directory}. */
  static Report copy(String name, Path directory) throws IOException {
    try (var files = Files.walk(Path.of(Report.class.getResource("reports/" + name).toURI()))) {
      var all = files.toList();
      for (Path file : all) {
        Path copy = directory.resolve(all.getFirst().relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    return new Report(directory);
  }

  /** With an edited JSON file, made if it is missing. */
  Report with(String file, Consumer<ObjectNode> edit) throws IOException {
    ObjectNode json = Files.exists(directory.resolve(file)) ? json(file) : JSON.createObjectNode();
    edit.accept(json);
    Files.writeString(directory.resolve(file), json.toString());
    return this;
  }

  /** With another text in place of one in a file. */
  Report replace(String file, String part, String other) throws IOException {
    String text = Files.readString(directory.resolve(file));
    if (!text.contains(part)) {
      throw new IllegalArgumentException(file + " has no " + part + ": " + text);
    }
    Files.writeString(directory.resolve(file), text.replace(part, other));
    return this;
  }

  Report without(String file) throws IOException {
    Files.delete(directory.resolve(file));
    return this;
  }

  ObjectNode json(String file) throws IOException {
    return (ObjectNode) JSON.readTree(directory.resolve(file).toFile());
  }

  String file(String name) {
    return directory.resolve(name).toString();
  }

  /** Eight tokens at most after 10, 20, 30, by the command's {@code options}. */
  Run continued(String... options) {
    return generate("--prompt-ids", "10,20,30", options);
  }

  /** The same after a text. */
  Run said(String prompt, String... options) {
    return generate("--prompt", prompt, options);
  }

  private Run generate(String kind, String prompt, String... options) {
    var words = new String[] {"generate", "--model", directory.toString(), kind, prompt, "--json"};
    var all = Arrays.copyOf(words, words.length + options.length);
    System.arraycopy(options, 0, all, words.length, options.length);
    return Run.galen(all);
  }

  /** The likeliest ids after 10, 20, 30, as transformers gives them with do_sample=False. */
  String greedy() {
    return continued("--greedy", "--max-new-tokens", "8").object().get("ids").toString();
  }
}
