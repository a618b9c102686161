package dev.galen.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.run.FineTuningSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Runs that are written down: JSON, or YAML by the file's name. */
final class SpecFiles {
  private SpecFiles() {}

  static FineTuningSpec read(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".yaml") && !name.endsWith(".yml")) {
      return FineTuningSpec.read(file);
    }
    JsonNode yaml;
    try {
      yaml = new YAMLMapper().readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": not valid YAML: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
    return FineTuningSpec.parse(yaml.toString(), file.toString());
  }
}
