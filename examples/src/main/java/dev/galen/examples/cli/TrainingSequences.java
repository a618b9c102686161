package dev.galen.examples.cli;

import dev.galen.train.data.CausalCollator;
import dev.galen.train.data.Collator;
import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.data.LengthSummary;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.SequenceEncoding;
import dev.galen.train.data.TokenSequences;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The data of a run as its model reads them, and the few texts that are looked at again later.
 *
 * @param encoder what made the sequences
 * @param train sequences to learn
 * @param validation sequences to measure; may be empty
 * @param questions the first of the validation's questions, to be answered
 * @param shown the first validation examples, or training ones where there are none
 */
record TrainingSequences(
    SequenceEncoder encoder,
    TokenSequences train,
    TokenSequences validation,
    List<QuestionExample> questions,
    List<Example> shown) {
  private static final int ANSWERED = 20;
  private static final int SHOWN = 3;

  /** Encodes {@code data} to at most {@code length} tokens a sequence and says what is left out. */
  static TrainingSequences of(
      TrainingData data, ModelSetup setup, boolean pretrained, int length, CommonOptions common)
      throws IOException {
    SequenceEncoder encoder = encoder(setup, length);
    // From random weights there is a language to learn first; a pretrained model learns to answer.
    SequenceEncoder learning = pretrained ? encoder : encoder.withLearnedPrompts();
    Encoded train = encode(data.train(), encoder, learning.withPacking());
    Encoded validation = encode(data.validation(), encoder, encoder);
    tellLeftOut(common, train.leftOut(), "training", length);
    tellLeftOut(common, validation.leftOut(), "validation", length);
    var collator = new CausalCollator(encoder.paddingId());
    TokenSequences learned = learned(train.sequences(), collator, data.source(), common);
    requireMeasurable(validation.sequences(), collator, data.source());
    tellShortened(common, LengthSummary.of(learned), length, setup.model().contextLength());
    return new TrainingSequences(
        encoder,
        learned,
        validation.sequences(),
        validation.questions(),
        validation.first().isEmpty() ? train.first() : validation.first());
  }

  /**
   * One part of the data after one pass over it.
   *
   * @param leftOut questions that alone fill the length
   */
  private record Encoded(
      TokenSequences sequences,
      long leftOut,
      List<QuestionExample> questions,
      List<Example> first) {}

  private static Encoded encode(Examples examples, SequenceEncoder measure, SequenceEncoder encoder)
      throws IOException {
    SequenceEncoding encoding = encoder.encoding();
    var leftOut = new long[1];
    var questions = new ArrayList<QuestionExample>();
    var first = new ArrayList<Example>();
    examples.forEach(
        example -> {
          if (!measure.fits(example)) {
            leftOut[0]++;
            return;
          }
          encoding.add(example);
          if (first.size() < SHOWN) {
            first.add(example);
          }
          if (questions.size() < ANSWERED && example instanceof QuestionExample question) {
            questions.add(question);
          }
        });
    return new Encoded(encoding.finish(), leftOut[0], questions, first);
  }

  /** How many of {@link #train} had to be shortened to the length. */
  long shortened() {
    return LengthSummary.of(train).shortened();
  }

  private static SequenceEncoder encoder(ModelSetup setup, int length) {
    int vocabulary = setup.model().vocabularySize();
    return setup
        .tokenizer()
        .map(tokenizer -> SequenceEncoder.of(tokenizer, vocabulary, length))
        .orElseGet(() -> SequenceEncoder.ofTokens(vocabulary, length));
  }

  private static void tellLeftOut(CommonOptions common, long questions, String part, int length) {
    if (questions > 0) {
      common.say("left out   %d %s questions of %d tokens or more", questions, part, length);
    }
  }

  private static void tellShortened(
      CommonOptions common, LengthSummary lengths, int length, int context) {
    if (lengths.shortened() == 0) {
      return;
    }
    common.say(
        "shortened  %,d of %,d sequences to %d tokens, by %,d tokens at the median and %,d at most;"
            + " %s",
        lengths.shortened(),
        lengths.sequences(),
        length,
        lengths.median(),
        lengths.most(),
        lengths.fitsMost() > context
            ? "99 %% would need %,d, and the model's context is %,d"
                .formatted(lengths.fitsMost(), context)
            : "--length %d keeps 99 %% whole%s"
                .formatted(
                    lengths.fitsMost(),
                    lengths.fitsAll() > context ? "" : ", " + lengths.fitsAll() + " all"));
  }

  /** Refused here: after training it would be too late. */
  private static void requireMeasurable(
      TokenSequences sequences, Collator collator, String source) {
    if (!sequences.isEmpty() && sequences.withLabels(collator).isEmpty()) {
      throw new IllegalArgumentException(
          "nothing to measure in %d validation sequences (%s): none has a second token whose label"
                  .formatted(sequences.size(), source)
              + " is not -100");
    }
  }

  /** What there is to learn from: a batch in which no label counts would end the run. */
  private static TokenSequences learned(
      TokenSequences sequences, Collator collator, String source, CommonOptions common) {
    TokenSequences learned = sequences.withLabels(collator);
    if (learned.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing to learn in %d sequences (%s): none has a second token whose label is not -100"
              .formatted(sequences.size(), source));
    }
    if (learned.size() < sequences.size()) {
      common.say("left out   %d sequences without a label", sequences.size() - learned.size());
    }
    return learned;
  }
}
