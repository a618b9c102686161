package dev.galen.tokenizer;

import dev.galen.tokenizer.split.AddedTokens;
import dev.galen.tokenizer.split.AddedTokens.Match;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.stage.Stages;
import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.text.Text;
import java.nio.charset.StandardCharsets;

/** The way of one text through the stages, up to the model. */
final class EncodingRun implements PreTokenizer.Words {

  private final Stages stages;
  private final AddedTokens verbatim;
  private final AddedTokens normalized;
  private final TokenList tokens;

  /** Where tokens get their places, or null where ids are all that is asked for. */
  private final Places places;

  EncodingRun(
      Stages stages,
      AddedTokens verbatim,
      AddedTokens normalized,
      TokenList tokens,
      Places places) {
    this.stages = stages;
    this.verbatim = verbatim;
    this.normalized = normalized;
    this.tokens = tokens;
    this.places = places;
  }

  /**
   * Appends the tokens of a text.
   *
   * @throws IllegalArgumentException if it spells a special token that the policy refuses
   */
  void encode(Text text, SpecialTokens policy) {
    int at = 0;
    for (var match : find(verbatim, text, 0, text.length(), policy)) {
      normalize(text, at, match.start(), policy);
      add(text, match);
      at = match.end();
    }
    normalize(text, at, text.length(), policy);
  }

  private void normalize(Text text, int start, int end, SpecialTokens policy) {
    if (start >= end) {
      return;
    }
    if (stages.normalizer() == Normalizer.NONE) {
      cut(text, start, end, policy);
    } else {
      var rewritten = stages.normalizer().normalize(text.slice(start, end));
      cut(rewritten, 0, rewritten.length(), policy);
    }
  }

  /**
   * Cuts out the tokens of the normalized text, and gives what lies between to the later stages.
   */
  private void cut(Text text, int start, int end, SpecialTokens policy) {
    int at = start;
    for (var match : find(normalized, text, start, end, policy)) {
      if (at < match.start()) {
        stages.preTokenizer().split(text, at, match.start(), this);
      }
      add(text, match);
      at = match.end();
    }
    if (at < end) {
      stages.preTokenizer().split(text, at, end, this);
    }
  }

  private static Iterable<Match> find(
      AddedTokens added, Text text, int start, int end, SpecialTokens policy) {
    var matches = added.find(text.utf8(), start, end, policy == SpecialTokens.TEXT);
    if (policy == SpecialTokens.REFUSE) {
      for (var match : matches) {
        if (match.token().special()) {
          throw refusal(match, text);
        }
      }
    }
    return matches;
  }

  private static IllegalArgumentException refusal(Match match, Text text) {
    int index = new String(text.utf8(), 0, match.at(), StandardCharsets.UTF_8).length();
    return new IllegalArgumentException(
        ("the text contains the special token \"%s\" at index %d, which is refused unless allowed:"
                + " PARSE means the token (id %d), TEXT its characters")
            .formatted(match.token().content(), index, match.token().id()));
  }

  private void add(Text text, Match match) {
    if (places == null) {
      tokens.ids().add(match.token().id());
    } else {
      places.add(match.token().id(), text, match.start(), match.end());
    }
  }

  @Override
  public void add(Text text, int start, int end) {
    int from = tokens.ids().size();
    stages.model().encode(text.utf8(), start, end, tokens);
    if (places != null) {
      places.add(tokens, from, text);
    }
  }
}
