package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.bpe.ByteLevelBpe;
import dev.galen.tokenizer.bpe.Merges;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.Quote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The BPE model of a {@code tokenizer.json}, and the two files of its own. */
final class BpeJson implements ModelJson {

  private static final String TYPE = "BPE";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public boolean isOf(TokenModel model) {
    return model instanceof ByteLevelBpe;
  }

  @Override
  public TokenModel read(StageJson json) throws IOException {
    var model = json.node();
    requireByteLevel(json);
    var vocabulary =
        Vocabulary.of(
            Json.readIds(model.path("vocab"), json.file() + ": model.vocab"),
            json.file().toString());
    var merges = readMerges(json, vocabulary);
    boolean ignoreMerges = json.flag("ignore_merges", false);
    return new ByteLevelBpe(vocabulary, merges, ignoreMerges && !json.isGpt2());
  }

  private static void requireByteLevel(StageJson json) throws IOException {
    var dropout = json.node().path("dropout");
    if (isSet(dropout) && !(dropout.isNumber() && dropout.doubleValue() == 0)) {
      throw json.refused("BPE dropout " + Quote.of(dropout.toString()), "null is");
    }
    for (var affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
      var node = json.node().path(affix);
      if (isSet(node) && !node.asText("?").isEmpty()) {
        throw json.refused("BPE " + affix + " " + Quote.of(node.toString()), "none is");
      }
    }
    if (json.flag("byte_fallback", false)) {
      throw json.refused("BPE byte_fallback true", "false is");
    }
  }

  private static boolean isSet(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }

  private static Merges readMerges(StageJson json, Vocabulary vocabulary) throws IOException {
    var nodes = json.node().path("merges");
    if (!nodes.isArray()) {
      throw new IOException(json.file() + ": model.merges is missing or not an array");
    }
    var merges = new Merges(vocabulary);
    // Told only where it is asked for: to spell fifty thousand places costs more than the merges.
    Supplier<String> place = () -> "%s: model.merges[%d]".formatted(json.file(), merges.size());
    for (var node : nodes) {
      if (node.isTextual()) {
        merges.addLine(node.textValue(), place);
      } else if (node.size() == 2 && node.path(0).isTextual() && node.path(1).isTextual()) {
        merges.add(node.get(0).textValue(), node.get(1).textValue(), place);
      } else {
        throw new IOException(
            "%s: expected \"a b\" or [\"a\", \"b\"], got %s"
                .formatted(place.get(), Quote.of(node.toString())));
      }
    }
    return merges;
  }

  @Override
  public void write(TokenModel model, ObjectNode json) {
    json.set("vocab", writeVocabulary(model.vocabulary()));
    var merges = ((ByteLevelBpe) model).merges();
    var lines = json.putArray("merges");
    for (int rank = 0; rank < merges.size(); rank++) {
      lines.add(merges.line(rank));
    }
  }

  @Override
  public ObjectNode settings(TokenModel model) {
    var json = Json.MAPPER.createObjectNode().put("type", TYPE);
    json.putNull("dropout").putNull("unk_token");
    json.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
    json.put("fuse_unk", false).put("byte_fallback", false);
    return json.put("ignore_merges", ((ByteLevelBpe) model).ignoresMerges());
  }

  @Override
  public Map<String, byte[]> files(TokenModel model) {
    return Map.of(
        "vocab.json", Json.bytes(writeVocabulary(model.vocabulary())),
        "merges.txt", writeMerges(((ByteLevelBpe) model).merges()));
  }

  /** The ids by token, smallest id first. */
  private static ObjectNode writeVocabulary(Vocabulary vocabulary) {
    var ids = Json.MAPPER.createObjectNode();
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.tokenOrNull(id) != null) {
        ids.put(vocabulary.tokenOrNull(id), id);
      }
    }
    return ids;
  }

  private static byte[] writeMerges(Merges merges) {
    var text = new StringBuilder("#version: 0.2\n");
    for (int rank = 0; rank < merges.size(); rank++) {
      text.append(merges.line(rank)).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
