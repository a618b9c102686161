package dev.galen.tokenizer.hf;

import dev.galen.tokenizer.bpe.ByteLevelBpe;
import dev.galen.tokenizer.bpe.ByteLevelDecoder;
import dev.galen.tokenizer.post.Template;
import dev.galen.tokenizer.post.Template.Part;
import dev.galen.tokenizer.post.Template.Special;
import dev.galen.tokenizer.post.Template.TextPart;
import dev.galen.tokenizer.split.ByteLevelSplit;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.stage.PostProcessor;
import dev.galen.tokenizer.stage.Stages;
import dev.galen.tokenizer.stage.TokenModel;
import java.util.ArrayList;
import java.util.List;

/**
 * All that HuggingFace's files say about a tokenizer.
 *
 * @param stages its stages
 * @param tokens its tokens
 * @param specialTokensAreText whether special tokens are text unless a caller has them parsed
 * @param files the files this was read from, for saving
 */
public record TokenizerDefinition(
    Stages stages, TokenSet tokens, boolean specialTokensAreText, LoadedFiles files) {

  /** GPT-2's one special token. */
  public static final String END_OF_TEXT = "<|endoftext|>";

  /** A byte-level BPE model with nothing beside it but special tokens of its own vocabulary. */
  public static TokenizerDefinition of(ByteLevelBpe model, List<String> specialTokens) {
    return of(model, false, TokenSet.of(model.vocabulary(), specialTokens), LoadedFiles.none());
  }

  /** The stages of a byte-level BPE model whose files name no others. */
  static TokenizerDefinition of(
      TokenModel model, boolean addsPrefixSpace, TokenSet tokens, LoadedFiles files) {
    var stages =
        new Stages(
            Normalizer.NONE,
            new ByteLevelSplit(addsPrefixSpace),
            model,
            PostProcessor.NONE,
            new ByteLevelDecoder());
    return new TokenizerDefinition(stages, tokens, false, files);
  }

  /** Whether every stretch of text gets a space in front unless it has one. */
  boolean addsPrefixSpace() {
    return stages.preTokenizer() instanceof ByteLevelSplit(boolean adds, boolean cuts)
        && adds
        && cuts;
  }

  /** What the files say of the length of texts. */
  public Limits limits() {
    return files.limits();
  }

  /** The same with more tokens, see {@link TokenSet#with}. */
  public TokenizerDefinition withTokens(List<String> contents) {
    return new TokenizerDefinition(stages, tokens.with(contents), specialTokensAreText, files);
  }

  TokenizerDefinition withSpecialTokensAsText(boolean specialTokensAreText) {
    return new TokenizerDefinition(stages, tokens, specialTokensAreText, files);
  }

  /**
   * This definition with its {@code bos_token} in front of every text, its {@code eos_token} behind
   * it, or both; a token that has no such role is left out.
   */
  TokenizerDefinition withEnds(boolean begin, boolean end) {
    var single = framed(0, begin, end);
    if (single.size() == 1) {
      return this;
    }
    var pair = new ArrayList<>(single);
    pair.addAll(framed(1, begin, end));
    return new TokenizerDefinition(
        stages.with(new Template(single, pair)), tokens, specialTokensAreText, files);
  }

  private List<Part> framed(int text, boolean begin, boolean end) {
    var parts = new ArrayList<Part>();
    if (begin) {
      addRole("bos_token", text, parts);
    }
    parts.add(new TextPart(text, text));
    if (end) {
      addRole("eos_token", text, parts);
    }
    return parts;
  }

  private void addRole(String role, int typeId, List<Part> parts) {
    var token = tokens.roles().get(role);
    if (token != null) {
      parts.add(new Special(tokens.vocabulary().id(token), token, typeId));
    }
  }
}
