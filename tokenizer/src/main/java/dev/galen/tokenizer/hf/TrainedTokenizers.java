package dev.galen.tokenizer.hf;

import dev.galen.tokenizer.stage.AddedToken;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.unigram.Unigram;
import dev.galen.tokenizer.unigram.UnigramLearner.Piece;
import dev.galen.tokenizer.wordpiece.WordPiece;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What learned tokens become with the stages that belong to them. */
public final class TrainedTokenizers {

  private static final Path NO_FILE = Path.of("a new tokenizer");

  private TrainedTokenizers() {}

  /** A tokenizer with BERT's stages. */
  public static TokenizerDefinition bert(Vocabulary vocabulary, boolean lowersCase) {
    var config = TokenizerConfig.none().as(TokenizerClass.BERT);
    config.config().put("tokenizer_class", "BertTokenizer").put("do_lower_case", lowersCase);
    var root = Json.MAPPER.createObjectNode();
    try {
      ClassRules.apply(root, config);
      var model = new WordPiece(vocabulary, "[UNK]", "##", WordPieceJson.LONGEST_WORD);
      return TokenizerJson.ofModel(NO_FILE, model, List.of(), root, config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A unigram tokenizer with the stages of T5, and NFKC before them.
   *
   * @param special the padding, end and unknown token, which get the first ids
   */
  public static TokenizerDefinition unigram(List<String> special, List<Piece> pieces) {
    var tokens = new ArrayList<>(special);
    pieces.forEach(piece -> tokens.add(piece.text()));
    var scores = new double[tokens.size()];
    for (int i = 0; i < pieces.size(); i++) {
      scores[special.size() + i] = pieces.get(i).score();
    }
    var added = new ArrayList<AddedToken>();
    for (int id = 0; id < special.size(); id++) {
      added.add(AddedToken.special(id, special.get(id)));
    }
    var config = TokenizerConfig.none();
    config.config().put("tokenizer_class", "PreTrainedTokenizerFast");
    config.names().addDefaults(ClassRules.roles(TokenizerClass.T5), "a new tokenizer: %s");
    var root = Json.MAPPER.createObjectNode();
    try {
      ClassRules.apply(root, config.as(TokenizerClass.T5));
      root.putObject("normalizer").put("type", "NFKC");
      var model = new Unigram(Vocabulary.of(tokens), scores, 2, false);
      root.set("model", Components.writer(model).settings(model));
      var set = TokenSet.of(NO_FILE, model.vocabulary(), added, config);
      root.set(
          "post_processor",
          ClassRules.postProcessor(
              root.path("post_processor"), false, set, config.as(TokenizerClass.T5)));
      return TokenizerJson.ofModel(NO_FILE, model, added, root, config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
