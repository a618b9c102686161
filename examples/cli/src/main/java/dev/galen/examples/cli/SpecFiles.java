package dev.galen.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.galen.model.hf.LenientJson;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.run.FineTuningSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Runs that are written down: JSON, or YAML by the file's name. */
final class SpecFiles {
  private SpecFiles() {}

  /** A recipe may be given as the config that it is, in the words of other trainers. */
  static void takeRecipe(TrainingOptions options) {
    Path given = options.newModel.config;
    if (given == null || !isYaml(given)) {
      return;
    }
    if (options.spec != null) {
      throw new IllegalArgumentException(
          "--config is %s and --spec %s, both a whole run; leave one of them out"
              .formatted(given, options.spec));
    }
    options.spec = given;
    options.newModel.config = null;
  }

  private static boolean isYaml(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  static FineTuningSpec read(Path file) throws IOException {
    if (!isYaml(file)) {
      return FineTuningSpec.read(file);
    }
    return FineTuningSpec.parse(yaml(file).toString(), file.toString());
  }

  /** What a file says, before it is a run. */
  static ObjectNode tree(Path file) throws IOException {
    if (!isYaml(file)) {
      return LenientJson.readObject(file);
    }
    if (yaml(file) instanceof ObjectNode object) {
      return object;
    }
    throw new IOException(file + ": expected fields with values, as a run has them");
  }

  private static JsonNode yaml(Path file) throws IOException {
    try {
      return new YAMLMapper().readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": not valid YAML: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
  }
}
