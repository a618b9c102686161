package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.stage.TokenModel;
import java.io.IOException;
import java.util.Map;

/** One type of model in HuggingFace's files: read here, and written to all that hold it. */
interface ModelJson {

  /** Reads a model, or refuses settings that it does not have. */
  TokenModel read(StageJson json) throws IOException;

  /** Whether a model is of this type. */
  boolean isOf(TokenModel model);

  /** Its settings, for a tokenizer that comes from no {@code tokenizer.json}. */
  ObjectNode settings(TokenModel model);

  /** Puts tokens and what else is large, which are not kept as JSON, beside the settings. */
  void write(TokenModel model, ObjectNode json);

  /** The contents of the files that hold the model alone, by name. */
  Map<String, byte[]> files(TokenModel model);
}
