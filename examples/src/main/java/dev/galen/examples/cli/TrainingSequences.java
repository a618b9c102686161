package dev.galen.examples.cli;

import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.TokenSequence;
import java.util.List;

/**
 * The data of a run as its model reads them.
 *
 * @param encoder what made the sequences
 * @param data the examples that fit the length
 * @param train sequences to learn
 * @param validation sequences to measure; may be empty
 */
record TrainingSequences(
    SequenceEncoder encoder,
    TrainingData data,
    List<TokenSequence> train,
    List<TokenSequence> validation) {

  /** Encodes {@code all} to at most {@code length} tokens a sequence and says what is left out. */
  static TrainingSequences of(
      TrainingData all, ModelSetup setup, boolean pretrained, int length, CommonOptions common) {
    SequenceEncoder encoder = encoder(setup, length);
    TrainingData data = all.fitting(encoder);
    tellLeftOut(common, all.train().size() - data.train().size(), "training", length);
    tellLeftOut(common, all.validation().size() - data.validation().size(), "validation", length);
    // From random weights there is a language to learn first; a pretrained model learns to answer.
    SequenceEncoder learning = pretrained ? encoder : encoder.withLearnedPrompts();
    List<TokenSequence> train = learned(learning.withPacking().encode(data.train()), common);
    return new TrainingSequences(encoder, data, train, encoder.encode(data.validation()));
  }

  /** How many of {@link #train} had to be shortened to the length. */
  long shortened() {
    return train.stream().filter(TokenSequence::shortened).count();
  }

  private static SequenceEncoder encoder(ModelSetup setup, int length) {
    int vocabulary = setup.model().vocabularySize();
    return setup
        .tokenizer()
        .map(tokenizer -> SequenceEncoder.of(tokenizer, vocabulary, length))
        .orElseGet(() -> SequenceEncoder.ofTokens(vocabulary, length));
  }

  private static void tellLeftOut(CommonOptions common, int questions, String part, int length) {
    if (questions > 0) {
      common.say("left out   %d %s questions of %d tokens or more", questions, part, length);
    }
  }

  /** What there is to learn from: a batch in which no label counts would end the run. */
  private static List<TokenSequence> learned(List<TokenSequence> sequences, CommonOptions common) {
    List<TokenSequence> learned = sequences.stream().filter(s -> s.tokens() > 0).toList();
    if (learned.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing to learn in %d sequences: none has a second token whose label is not -100"
              .formatted(sequences.size()));
    }
    if (learned.size() < sequences.size()) {
      common.say("left out   %d sequences without a label", sequences.size() - learned.size());
    }
    return learned;
  }
}
