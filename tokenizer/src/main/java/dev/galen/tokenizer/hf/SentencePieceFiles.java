package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.bpe.CharacterBpe;
import dev.galen.tokenizer.bpe.Merges;
import dev.galen.tokenizer.sentencepiece.ModelFile;
import dev.galen.tokenizer.sentencepiece.PieceType;
import dev.galen.tokenizer.sentencepiece.SentencePiece;
import dev.galen.tokenizer.stage.AddedToken;
import dev.galen.tokenizer.stage.PostProcessor;
import dev.galen.tokenizer.stage.Stages;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.unigram.Unigram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A directory that has a SentencePiece model and no {@code tokenizer.json}. Where files beside it
 * name a class of transformers, it is read as that class reads it; else as SentencePiece does.
 */
final class SentencePieceFiles {

  private SentencePieceFiles() {}

  static TokenizerDefinition read(Path file, TokenizerConfig config) throws IOException {
    var model = ModelFile.read(file);
    return switch (config.rules()) {
      case UNNAMED -> asSentencePiece(file, model, config);
      case LLAMA -> asLlama(file, model, config);
      case T5 -> asT5(file, model, config);
      case OF_FILE -> asAnyClass(file, model, config);
      default ->
          throw new IOException(
              "%s: is a SentencePiece model, but the files beside it name a class that has none"
                  .formatted(file));
    };
  }

  private static TokenizerDefinition asSentencePiece(
      Path file, ModelFile model, TokenizerConfig config) throws IOException {
    SentencePiece pieces;
    try {
      pieces = new SentencePiece(model);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    var roles = new LinkedHashMap<String, String>();
    addRole("bos_token", model.training().begin(), model, roles);
    addRole("eos_token", model.training().end(), model, roles);
    addRole("unk_token", model.training().unknown(), model, roles);
    addRole("pad_token", model.training().padding(), model, roles);
    config.names().addDefaults(roles, file + ": %s");
    var listed = addedTokens(model, PieceType.CONTROL);
    var tokens = TokenSet.of(file, pieces.vocabulary(), listed, config);
    var stages =
        new Stages(
            pieces.normalizer(),
            PreTokenizerJson.WHOLE,
            pieces,
            PostProcessor.NONE,
            pieces.decoder());
    return new TokenizerDefinition(
        stages,
        tokens,
        config.flag("split_special_tokens"),
        LoadedFiles.of(config, Json.MAPPER.createObjectNode()));
  }

  private static void addRole(String role, int id, ModelFile model, Map<String, String> roles) {
    if (id >= 0) {
      roles.put(role, model.pieces().get(id).text());
    }
  }

  /** The control pieces are special, the user-defined ones are not. */
  private static List<AddedToken> addedTokens(ModelFile model, PieceType... types) {
    var added = new ArrayList<AddedToken>();
    for (int id = 0; id < model.pieces().size(); id++) {
      var piece = model.pieces().get(id);
      if (List.of(types).contains(piece.type())) {
        boolean special = piece.type() == PieceType.CONTROL;
        added.add(new AddedToken(id, piece.text(), special, false, false, false, false));
      }
    }
    return added;
  }

  private static TokenizerDefinition asLlama(Path file, ModelFile model, TokenizerConfig config)
      throws IOException {
    var root = Json.MAPPER.createObjectNode();
    ClassRules.apply(root, config);
    var settings = new CharacterBpe.Settings(null, "", "", true, true, false);
    var listed = addedTokens(model, PieceType.CONTROL, PieceType.USER_DEFINED);
    return TokenizerJson.ofModel(file, bpe(file, model, settings), listed, root, config);
  }

  private static TokenizerDefinition asT5(Path file, ModelFile model, TokenizerConfig config)
      throws IOException {
    var root = Json.MAPPER.createObjectNode();
    putMap(root.putObject("normalizer"), model);
    ClassRules.apply(root, config);
    int extra = config.config().path("extra_ids").asInt(100);
    var unigram = unigram(file, model, 2, extra, false);
    var listed = addedTokens(model, PieceType.CONTROL, PieceType.USER_DEFINED);
    return TokenizerJson.ofModel(file, unigram, listed, root, config);
  }

  private static void putMap(ObjectNode normalizer, ModelFile model) {
    if (model.normalization().map() != null) {
      normalizer
          .put("type", "Precompiled")
          .put(
              "precompiled_charsmap",
              Base64.getEncoder().encodeToString(model.normalization().map().blob()));
    }
  }

  /** As transformers reads the model where no class knows better. */
  private static TokenizerDefinition asAnyClass(Path file, ModelFile model, TokenizerConfig config)
      throws IOException {
    var root = Json.MAPPER.createObjectNode();
    var normalizers = root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    if (model.normalization().map() != null) {
      putMap(normalizers.addObject(), model);
    }
    normalizers.add(
        ClassRules.json("{'type': 'Replace', 'pattern': {'String': ' '}, 'content': '\u2581'}"));
    var training = model.training();
    root.set(
        "decoder",
        ClassRules.json(
            "{'type': 'Sequence', 'decoders': [{'type': 'Replace', 'pattern': {'String': '\u2581'},"
                + " 'content': ' '}"
                + (training.fallsBackToBytes()
                    ? ", {'type': 'ByteFallback'}, {'type': 'Fuse'}"
                    : "")
                + "]}"));
    var unknown = model.pieces().get(training.unknown()).text();
    var settings =
        new CharacterBpe.Settings(unknown, "", "", true, training.fallsBackToBytes(), false);
    TokenModel tokens =
        training.isBpe()
            ? bpe(file, model, settings)
            : unigram(file, model, training.unknown(), 0, training.fallsBackToBytes());
    var roles = new LinkedHashMap<String, String>();
    addRole("bos_token", training.begin(), model, roles);
    addRole("eos_token", training.end(), model, roles);
    addRole("unk_token", training.unknown(), model, roles);
    config.names().addDefaults(roles, file + ": %s");
    var listed = addedTokens(model, PieceType.CONTROL, PieceType.USER_DEFINED);
    return TokenizerJson.ofModel(file, tokens, listed, root, config);
  }

  private static Vocabulary vocabulary(Path file, ModelFile model, int extra) throws IOException {
    var ids = new LinkedHashMap<String, Integer>();
    for (var piece : model.pieces()) {
      if (ids.put(piece.text(), ids.size()) != null) {
        throw new IOException("%s: the piece \"%s\" is there twice".formatted(file, piece.text()));
      }
    }
    for (int i = extra - 1; i >= 0; i--) {
      ids.putIfAbsent("<extra_id_" + i + ">", ids.size());
    }
    return Vocabulary.of(ids, file.toString());
  }

  private static TokenModel unigram(
      Path file, ModelFile model, int unknown, int extra, boolean fallsBackToBytes)
      throws IOException {
    var vocabulary = vocabulary(file, model, extra);
    var scores = new double[vocabulary.size()];
    for (int id = 0; id < model.pieces().size(); id++) {
      scores[id] = model.pieces().get(id).score();
    }
    return new Unigram(vocabulary, scores, unknown, fallsBackToBytes);
  }

  /**
   * A model with the merges that transformers finds in a vocabulary: every way to make a token of
   * two others, by the id of what is made, then by the length of the left one.
   */
  private static TokenModel bpe(Path file, ModelFile model, CharacterBpe.Settings settings)
      throws IOException {
    var vocabulary = vocabulary(file, model, 0);
    var merges = Merges.ofCharacters(vocabulary, "");
    for (int id = 0; id < vocabulary.size(); id++) {
      var token = vocabulary.tokenOrNull(id);
      for (int at = 0; at < token.length(); ) {
        at += Character.charCount(token.codePointAt(at));
        int left = vocabulary.id(token.substring(0, at));
        int right = at < token.length() ? vocabulary.id(token.substring(at)) : -1;
        if (left >= 0 && right >= 0) {
          merges.add(left, right, id);
        }
      }
    }
    return new CharacterBpe(vocabulary, merges, settings);
  }
}
