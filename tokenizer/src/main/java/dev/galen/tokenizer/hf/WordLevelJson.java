package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.wordpiece.WordLevel;
import java.io.IOException;
import java.util.Map;

/** The model of a {@code tokenizer.json} that takes whole words. */
final class WordLevelJson implements ModelJson {

  private static final String TYPE = "WordLevel";

  @Override
  public boolean isOf(TokenModel model) {
    return model instanceof WordLevel;
  }

  @Override
  public TokenModel read(StageJson json) throws IOException {
    return new WordLevel(json.vocabularyOfIds(), json.text("unk_token", "<unk>"));
  }

  @Override
  public void write(TokenModel model, ObjectNode json) {
    json.set("vocab", Json.ids(model.vocabulary()));
  }

  @Override
  public ObjectNode settings(TokenModel model) {
    return Json.MAPPER
        .createObjectNode()
        .put("type", TYPE)
        .put("unk_token", ((WordLevel) model).unknown());
  }

  @Override
  public Map<String, byte[]> files(TokenModel model) {
    return Map.of();
  }
}
