package dev.galen.examples.clinical.pubmedqa;

import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.TokenSequence;
import java.util.Arrays;
import java.util.List;

/**
 * Questions as BERT reads pairs: {@code [CLS] question [SEP] text [SEP]}, the text as segment 1. Of
 * a text that is too long the end is kept, where an abstract has its results.
 */
final class PairEncoder {
  private static final int FRAME = 3;

  private final Tokenizer tokenizer;
  private final Setting setting;
  private final int length;
  private final boolean asks;
  private final int first;
  private final int separator;

  /**
   * @param tokenizer WordPiece, with BERT's special tokens
   * @param length the most tokens of a pair
   * @param asks whether the question is shown; else its place is empty
   */
  PairEncoder(Tokenizer tokenizer, Setting setting, int length, boolean asks) {
    this.tokenizer = tokenizer;
    this.setting = setting;
    this.length = length;
    this.asks = asks;
    this.first = tokenizer.id("[CLS]").orElseThrow();
    this.separator = tokenizer.id("[SEP]").orElseThrow();
  }

  /** Of each the pair and the number of its decision. */
  List<TokenSequence> encode(List<QuestionExample> examples) {
    return examples.stream().map(this::encode).toList();
  }

  TokenSequence encode(QuestionExample example) {
    int[] question = asks ? tokenizer.encode(example.question(), SpecialTokens.TEXT) : new int[0];
    int[] text = tokenizer.encode(setting.text(example), SpecialTokens.TEXT);
    if (question.length > length / 2) {
      question = Arrays.copyOf(question, length / 2);
    }
    int kept = Math.min(text.length, length - FRAME - question.length);
    var ids = new int[question.length + kept + FRAME];
    ids[0] = first;
    System.arraycopy(question, 0, ids, 1, question.length);
    int second = question.length + 2;
    ids[second - 1] = separator;
    System.arraycopy(text, text.length - kept, ids, second, kept);
    ids[ids.length - 1] = separator;
    var segments = new int[ids.length];
    Arrays.fill(segments, second, segments.length, 1);
    // A record that is only asked has no decision, and nothing looks at its label.
    int label = example.decision() == null ? 0 : PubMedQa.label(example);
    return new TokenSequence(ids, new int[] {label}, 0, segments, null);
  }
}
