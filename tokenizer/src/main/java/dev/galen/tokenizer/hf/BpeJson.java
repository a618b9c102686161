package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.bpe.ByteLevelBpe;
import dev.galen.tokenizer.bpe.CharacterBpe;
import dev.galen.tokenizer.bpe.CharacterBpe.Settings;
import dev.galen.tokenizer.bpe.Merges;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.text.Quote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The BPE model of a {@code tokenizer.json}, and the two files of its own. */
final class BpeJson implements ModelJson {

  private static final String TYPE = "BPE";

  private static final List<String> AFFIXES =
      List.of("continuing_subword_prefix", "end_of_word_suffix");

  @Override
  public boolean isOf(TokenModel model) {
    return model instanceof ByteLevelBpe || model instanceof CharacterBpe;
  }

  /**
   * Whether a model can take bytes as they are, and need not see what spells them.
   *
   * @param model the object of a BPE model
   */
  static boolean canReadBytes(JsonNode model) {
    return AFFIXES.stream().allMatch(affix -> model.path(affix).asText("").isEmpty())
        && !model.path("byte_fallback").asBoolean();
  }

  @Override
  public TokenModel read(StageJson json) throws IOException {
    var dropout = json.node().path("dropout");
    if (isSet(dropout) && !(dropout.isNumber() && dropout.doubleValue() == 0)) {
      throw json.refused("BPE dropout " + Quote.of(dropout.toString()), "null is");
    }
    var vocabulary = json.vocabularyOfIds();
    boolean ignoreMerges = json.flag("ignore_merges", false) && !json.isGpt2();
    if (json.readsBytes()) {
      return new ByteLevelBpe(vocabulary, readMerges(json, new Merges(vocabulary)), ignoreMerges);
    }
    var settings =
        new Settings(
            json.text("unk_token", null),
            json.text("continuing_subword_prefix", ""),
            json.text("end_of_word_suffix", ""),
            json.flag("fuse_unk", false),
            json.flag("byte_fallback", false),
            ignoreMerges);
    for (var affix : AFFIXES) {
      if (settings.fallsBackToBytes() && !json.text(affix, "").isEmpty()) {
        throw json.refused("BPE byte_fallback with " + affix, "one of them is");
      }
    }
    var merges = readMerges(json, Merges.ofCharacters(vocabulary, settings.prefix()));
    return new CharacterBpe(vocabulary, merges, settings);
  }

  private static boolean isSet(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }

  private static Merges readMerges(StageJson json, Merges merges) throws IOException {
    var nodes = json.node().path("merges");
    if (!nodes.isArray()) {
      throw new IOException(json.file() + ": model.merges is missing or not an array");
    }
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

  private static Merges merges(TokenModel model) {
    return switch (model) {
      case ByteLevelBpe bpe -> bpe.merges();
      case CharacterBpe bpe -> bpe.merges();
      default -> throw new IllegalArgumentException("no BPE model");
    };
  }

  @Override
  public void write(TokenModel model, ObjectNode json) {
    json.set("vocab", Json.ids(model.vocabulary()));
    var merges = merges(model);
    var lines = json.putArray("merges");
    for (int rank = 0; rank < merges.size(); rank++) {
      if (merges.isLine(rank)) {
        lines.add(merges.line(rank));
      } else {
        lines.addArray().add(merges.left(rank)).add(merges.right(rank));
      }
    }
  }

  @Override
  public ObjectNode settings(TokenModel model) {
    var settings =
        model instanceof CharacterBpe bpe
            ? bpe.settings()
            : new Settings(null, "", "", false, false, ((ByteLevelBpe) model).ignoresMerges());
    return Json.MAPPER
        .createObjectNode()
        .put("type", TYPE)
        .putNull("dropout")
        .put("unk_token", settings.unknown())
        .put("continuing_subword_prefix", settings.prefix())
        .put("end_of_word_suffix", settings.suffix())
        .put("fuse_unk", settings.fusesUnknown())
        .put("byte_fallback", settings.fallsBackToBytes())
        .put("ignore_merges", settings.ignoresMerges());
  }

  @Override
  public Map<String, byte[]> files(TokenModel model) {
    if (!(model instanceof ByteLevelBpe)) {
      return Map.of(); // two files would say nothing of the other stages
    }
    return Map.of(
        "vocab.json", Json.bytes(Json.ids(model.vocabulary())),
        "merges.txt", writeMerges(merges(model)));
  }

  private static byte[] writeMerges(Merges merges) {
    var text = new StringBuilder("#version: 0.2\n");
    for (int rank = 0; rank < merges.size(); rank++) {
      text.append(merges.line(rank)).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
