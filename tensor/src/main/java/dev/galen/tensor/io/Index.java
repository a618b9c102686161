package dev.galen.tensor.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/** HuggingFace's {@code model.safetensors.index.json}: which shard holds which tensor. */
final class Index {
  /** The file's name within the model's directory. */
  static final String FILE_NAME = "model.safetensors.index.json";

  private Index() {}

  /**
   * The shard of each tensor, in the index's order; of equal names the last counts. A shard lies in
   * the index's folder or below: an index that comes from strangers must not make us open files
   * elsewhere. What else an index says is not read.
   */
  static Map<String, String> read(Path path) throws SafetensorsException {
    var json = StrictJson.ofPython(path, "index", readBytes(path));
    Map<String, String> shards = null;
    json.next();
    json.requireObject("the index");
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      if (!key.equals("weight_map")) {
        json.skip();
      } else if (shards != null) {
        throw json.fail("weight_map is in the index twice");
      } else {
        shards = readWeightMap(json);
      }
    }
    json.requireEnd();
    if (shards == null) {
      throw json.fail("the index has no weight_map");
    }
    return shards;
  }

  private static byte[] readBytes(Path path) throws SafetensorsException {
    try {
      long size = Files.size(path);
      if (size > Header.MAX_BYTES) {
        throw new SafetensorsException(
            path, "the index has %d bytes, expected at most %d".formatted(size, Header.MAX_BYTES));
      }
      return Files.readAllBytes(path);
    } catch (SafetensorsException e) {
      throw e;
    } catch (IOException e) {
      throw new SafetensorsException(path, Messages.reason(e), e);
    }
  }

  private static Map<String, String> readWeightMap(StrictJson json) throws SafetensorsException {
    json.requireObject("weight_map");
    var shards = new LinkedHashMap<String, String>();
    for (String name = json.nextKey(); name != null; name = json.nextKey()) {
      String tensor = "tensor " + Messages.quote(name);
      String shard = json.string("weight_map: " + tensor);
      if (!staysBelow(shard)) {
        throw json.fail(
            "%s: shard %s is not the name of a file beside the index or below it"
                .formatted(tensor, Messages.quote(shard)));
      }
      shards.put(name, shard);
    }
    return shards;
  }

  // Windows' separators and drive letters are refused everywhere: an index is meant to travel.
  private static boolean staysBelow(String name) {
    for (String part : name.split("/", -1)) {
      if (part.isBlank() || part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    return name.chars().noneMatch(c -> c == '\\' || c == ':' || c < ' ')
        && Messages.isEncodable(name);
  }

  /** The index's text: HuggingFace's layout, tensors by name. */
  static byte[] toJson(long totalBytes, SortedMap<String, String> shards) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var printer =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try (var json = new JsonFactory().createGenerator(bytes).setPrettyPrinter(printer)) {
      json.writeStartObject();
      json.writeObjectFieldStart("metadata");
      json.writeNumberField("total_size", totalBytes);
      json.writeEndObject();
      json.writeObjectFieldStart("weight_map");
      for (var shard : shards.entrySet()) {
        json.writeStringField(shard.getKey(), shard.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }
}
