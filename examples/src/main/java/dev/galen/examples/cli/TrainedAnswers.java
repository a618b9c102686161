package dev.galen.examples.cli;

import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.AnswerEvaluator;
import dev.galen.train.AnswerScores;
import dev.galen.train.data.Example;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.TextExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Lets a trained model talk: answers that are scored, and samples to read. */
final class TrainedAnswers {
  private static final int SAMPLE_TOKENS = 48;
  private static final int START_TOKENS = 16;

  private TrainedAnswers() {}

  /**
   * Scores of the first validation questions' answers, or null where there are none to give.
   *
   * @param longest tokens of an answer, or null for what the longest reference takes
   */
  static AnswerScores scores(ModelSetup setup, TrainingSequences sequences, Integer longest) {
    List<QuestionExample> questions = sequences.questions();
    if (questions.isEmpty() || setup.tokenizer().isEmpty()) {
      return null;
    }
    Tokenizer tokenizer = setup.tokenizer().get();
    int tokens = longest == null ? AnswerEvaluator.room(sequences.encoder(), questions) : longest;
    return new AnswerEvaluator(
            setup.model(), tokenizer, sequences.encoder(), GenerationConfig.greedy(tokens))
        .evaluate(questions);
  }

  /** Continuations of the first validation examples, or training ones where none is held out. */
  static List<RunReport.Sample> samples(ModelSetup setup, TrainingSequences sequences) {
    List<RunReport.Sample> samples = new ArrayList<>();
    if (setup.tokenizer().isEmpty()) {
      return samples;
    }
    Tokenizer tokenizer = setup.tokenizer().get();
    for (Example example : sequences.shown()) {
      int[] ids = start(example, sequences.encoder(), tokenizer);
      if (ids.length == 0) {
        continue;
      }
      int[] all =
          new Generator(setup.model()).generate(ids, GenerationConfig.greedy(SAMPLE_TOKENS));
      Set<Integer> ends = setup.model().endOfTextIds();
      int known = tokenizer.vocabularySize(); // the embedding may have rows to spare
      int[] made =
          Arrays.stream(all)
              .skip(ids.length)
              .filter(id -> !ends.contains(id) && id < known)
              .toArray();
      samples.add(new RunReport.Sample(tokenizer.decode(ids), tokenizer.decode(made)));
    }
    return samples;
  }

  /** A question, or the first tokens of a text; nothing of what is neither. */
  private static int[] start(Example example, SequenceEncoder encoder, Tokenizer tokenizer) {
    return switch (example) {
      case QuestionExample question -> encoder.prompt(question, SAMPLE_TOKENS);
      case TextExample text -> {
        int[] before = tokenizer.idsBefore();
        int[] whole = tokenizer.encode(text.text(), SpecialTokens.TEXT);
        int kept = Math.min(whole.length, START_TOKENS);
        int[] start = Arrays.copyOf(before, before.length + kept);
        System.arraycopy(whole, 0, start, before.length, kept);
        yield start;
      }
      default -> new int[0];
    };
  }
}
