package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.Quote;
import dev.galen.tokenizer.unigram.Unigram;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** The unigram model of a {@code tokenizer.json}. */
final class UnigramJson implements ModelJson {

  private static final String TYPE = "Unigram";

  @Override
  public boolean isOf(TokenModel model) {
    return model instanceof Unigram;
  }

  @Override
  public TokenModel read(StageJson json) throws IOException {
    var nodes = json.node().path("vocab");
    if (!nodes.isArray()) {
      throw new IOException(
          "%s: model.vocab: expected an array of tokens with scores, got %s"
              .formatted(json.file(), Json.nameOf(nodes)));
    }
    var ids = new LinkedHashMap<String, Integer>(2 * nodes.size());
    var scores = new double[nodes.size()];
    for (int id = 0; id < scores.length; id++) {
      var node = nodes.get(id);
      if (!node.path(0).isTextual() || !node.path(1).isNumber()) {
        throw new IOException(
            "%s: model.vocab[%d]: expected [\"a\", -1.5], got %s"
                .formatted(json.file(), id, Quote.of(node.toString())));
      }
      if (ids.put(node.get(0).textValue(), id) != null) {
        throw new IOException(
            "%s: model.vocab[%d]: \"%s\" is listed twice"
                .formatted(json.file(), id, Quote.of(node.get(0).textValue())));
      }
      scores[id] = asTheLibraryReads(node.get(1).doubleValue());
    }
    int unknown = json.number("unk_id", -1);
    if (unknown < -1 || unknown >= scores.length) {
      throw new IOException(
          "%s: model.unk_id is %d, but there are %d tokens"
              .formatted(json.file(), unknown, scores.length));
    }
    var vocabulary = Vocabulary.of(ids, json.file().toString());
    return new Unigram(vocabulary, scores, unknown, json.flag("byte_fallback", false));
  }

  /**
   * A number as HuggingFace's library reads it: its digits as a whole number, divided by a power of
   * ten, so that it is rounded twice. Which of two equally likely ways to cut a text it takes may
   * hang on that.
   */
  private static double asTheLibraryReads(double number) {
    if (number == 0 || !Double.isFinite(number)) {
      return number;
    }
    var digits = new BigDecimal(Double.toString(number));
    double whole = digits.unscaledValue().longValue();
    double power = Double.parseDouble("1e" + Math.abs(digits.scale()));
    return digits.scale() > 0 ? whole / power : whole * power;
  }

  /** A number that is read as this one: itself or a neighbour. */
  private static double written(double number) {
    double above = number;
    double below = number;
    for (int i = 0; i < 4; i++) {
      if (asTheLibraryReads(above) == number) {
        return above;
      }
      if (asTheLibraryReads(below) == number) {
        return below;
      }
      above = Math.nextUp(above);
      below = Math.nextDown(below);
    }
    return number;
  }

  @Override
  public void write(TokenModel model, ObjectNode json) {
    var unigram = (Unigram) model;
    var tokens = json.putArray("vocab");
    for (int id = 0; id < unigram.vocabulary().size(); id++) {
      tokens.addArray().add(unigram.vocabulary().tokenOrNull(id)).add(written(unigram.score(id)));
    }
  }

  @Override
  public ObjectNode settings(TokenModel model) {
    var unigram = (Unigram) model;
    var json = Json.MAPPER.createObjectNode().put("type", TYPE);
    if (unigram.unknownId() < 0) {
      json.putNull("unk_id");
    } else {
      json.put("unk_id", unigram.unknownId());
    }
    return json.put("byte_fallback", unigram.fallsBackToBytes());
  }

  @Override
  public Map<String, byte[]> files(TokenModel model) {
    return Map.of();
  }
}
