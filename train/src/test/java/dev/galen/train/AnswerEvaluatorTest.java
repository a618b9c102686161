package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.generate.GenerationConfig;
import dev.galen.train.data.PromptTemplate;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.WordTokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Answers word for word, cut short, and without a decision: one token is one word here. */
class AnswerEvaluatorTest {
  private static final int CONTEXT = 256;

  private final WordTokenizer tokenizer = new WordTokenizer();
  private final SequenceEncoder encoder = SequenceEncoder.of(tokenizer, Parrot.VOCABULARY, CONTEXT);

  /** Answers as long as PubMedQA's: the median has 53 tokens, the longest 163. */
  private final List<QuestionExample> questions =
      List.of(
          question("one", 50, "yes"),
          question("two", 80, "maybe"),
          question("three", 160, "no"),
          question("four", 30, null));

  private static QuestionExample question(String name, int words, String decision) {
    String answer = String.join(" ", IntStream.range(0, words).mapToObj(i -> name + i).toList());
    return new QuestionExample(name, "Is it " + name + "?", "We saw " + name, answer, decision);
  }

  private List<int[]> sequences(List<QuestionExample> examples) {
    return encoder.encode(examples).stream().map(TokenSequence::inputIds).toList();
  }

  private AnswerScores scores(Parrot model, int tokens) {
    var config =
        GenerationConfig.builder().maxNewTokens(tokens).endOfTextIds(Set.of(WordTokenizer.END));
    return new AnswerEvaluator(model, tokenizer, encoder, config.build()).evaluate(questions);
  }

  private Parrot perfect() {
    return new Parrot(CONTEXT, sequences(questions), sequences(questions));
  }

  @Test
  void answersEqualToTheReferencesScoreOne() {
    int room = AnswerEvaluator.room(encoder, questions);
    assertEquals(163, room); // 160 words, Decision:, no, end of text
    AnswerScores scores = scores(perfect(), room);
    assertEquals(3, scores.decisions());
    assertEquals(3, scores.rightDecisions());
    assertEquals(0, scores.unstatedDecisions());
    assertEquals(0, scores.cut());
    assertEquals(4, scores.questions());
    assertEquals(163, scores.longest());
    assertEquals(1, scores.bleu(), 1e-12);
    assertEquals(1, scores.sentenceBleu(), 1e-12);
    assertEquals(1, scores.rougeL(), 1e-12);
  }

  @Test
  void cutAnswersAreCounted() {
    AnswerScores scores = scores(perfect(), 64);
    assertEquals(2, scores.cut());
    assertEquals(2, scores.unstatedDecisions());
    assertTrue(scores.bleu() < 1, scores.toString());
    // All but the end of text was said: nothing is missing, yet nothing tells that it was the end.
    assertEquals(1, scores(perfect(), 162).cut());
    assertEquals(0, scores(perfect(), 162).unstatedDecisions());
    assertEquals(3, scores(perfect(), 162).rightDecisions());
  }

  @Test
  void theLikeliestDecisionCountsWhereNoneIsStated() {
    List<QuestionExample> silent =
        questions.stream()
            .map(q -> new QuestionExample(q.id(), q.question(), q.context(), q.answer(), null))
            .toList();
    AnswerScores right = scores(new Parrot(CONTEXT, sequences(silent), sequences(questions)), 200);
    assertEquals(0, right.cut());
    assertEquals(3, right.unstatedDecisions());
    assertEquals(3, right.rightDecisions());

    // One that always thinks "no" is right once: the reference does not help it.
    List<QuestionExample> no =
        questions.stream()
            .map(q -> new QuestionExample(q.id(), q.question(), q.context(), q.answer(), "no"))
            .toList();
    AnswerScores wrong = scores(new Parrot(CONTEXT, sequences(silent), sequences(no)), 200);
    assertEquals(3, wrong.unstatedDecisions());
    assertEquals(1, wrong.rightDecisions());
  }

  @Test
  void anAnswerThatFillsTheContextIsAskedForItsDecisionAllTheSame() {
    var lost = new Parrot(32, List.of(), List.of());
    AnswerScores scores = scores(lost, 500);
    assertEquals(4, scores.cut());
    assertEquals(3, scores.unstatedDecisions());
  }

  @Test
  void oneLongReferenceDoesNotTakeEveryContext() {
    String words = String.join(" ", IntStream.range(0, 300).mapToObj(i -> "c" + i).toList());
    var example = new QuestionExample("", "Is it?", words, "It is.", "yes");
    var answers =
        new AnswerEvaluator(perfect(), tokenizer, encoder, GenerationConfig.greedy(CONTEXT));
    AnswerEvaluator.Answer answer = answers.answer(example);
    int length = answer.prompt().length;
    assertTrue(length > CONTEXT / 3 && length <= CONTEXT / 2, length + " ids");
    assertTrue(answer.cut());
  }

  @Test
  void replies() {
    assertEquals(
        new PromptTemplate.Reply("So.", "yes"), PromptTemplate.parse(" So.\nDecision: yes"));
    // What runs on behind the decision, and white space that Java's strip leaves.
    assertEquals(
        new PromptTemplate.Reply("So.", "no"),
        PromptTemplate.parse(" So.\u00a0\nDecision: no\u00a0\nQuestion: Why?"));
    assertEquals(new PromptTemplate.Reply("So.", null), PromptTemplate.parse("So.\nDecision:"));
  }

  @Test
  void aModelInTrainingStaysInTraining() {
    Parrot model = perfect();
    model.train();
    scores(model, 64);
    assertTrue(model.isTraining());
    model.eval();
    scores(model, 64);
    assertFalse(model.isTraining());
  }

  @Test
  void theCompletionIsWhatIsLearned() {
    for (QuestionExample question : questions) {
      int[] ids = encoder.encode(List.of(question)).getFirst().inputIds();
      int[] joined =
          Stream.of(encoder.prompt(question, 1), encoder.completion(question))
              .flatMapToInt(Arrays::stream)
              .toArray();
      assertEquals(Arrays.toString(ids), Arrays.toString(joined));
    }
  }
}
