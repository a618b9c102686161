package dev.galen.tokenizer;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.hf.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/** What HuggingFace's library made of a small corpus; see {@code huggingface/make.py}. */
public final class Fixture {

  private Fixture() {}

  public static String read(String name) {
    return read("huggingface/", name);
  }

  public static String read(String folder, String name) {
    try (var in = Fixture.class.getResourceAsStream(folder + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder of files among the tests' resources. */
  public static Path folder(String name) {
    try {
      return Path.of(Fixture.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The lines of the corpus with their ends, as the script gave them to the trainer. */
  public static List<String> corpus() {
    return read("corpus.txt").lines().map(line -> line + "\n").toList();
  }

  public static JsonNode cases() throws IOException {
    return Json.MAPPER.readTree(read("cases.json"));
  }

  public static ObjectNode tokenizerJson() throws IOException {
    return (ObjectNode) Json.MAPPER.readTree(read("tokenizer.json"));
  }

  /** Puts the tokenizer.json, changed in some way, into a directory. */
  public static Path write(Path directory, Consumer<ObjectNode> change) throws IOException {
    var root = tokenizerJson();
    change.accept(root);
    Files.createDirectories(directory);
    // Escaped, because a test may put in what has no UTF-8 form.
    var json =
        Json.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(root);
    Files.writeString(directory.resolve("tokenizer.json"), json);
    return directory;
  }

  public static int[] ids(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }
}
