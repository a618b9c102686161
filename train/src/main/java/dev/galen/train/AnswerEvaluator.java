package dev.galen.train;

import dev.galen.model.CausalLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.data.PromptTemplate;
import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.metrics.Bleu;
import dev.galen.train.metrics.Rouge;
import dev.galen.train.metrics.RougeScores;
import dev.galen.train.metrics.Smoothing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Lets a model answer questions and scores the answers against the references.
 *
 * <p>The decision is the last line of an answer ({@link PromptTemplate}), so it rests on what the
 * model said before. What an answer states counts. Where it states none, because it was cut or
 * because the model left the line out, the likeliest decision after the model's own words counts,
 * and {@link AnswerScores} says how often; the reference's words would give the decision away.
 */
public final class AnswerEvaluator {
  private static final double[] WEIGHTS = Bleu.uniformWeights(4);

  private final CausalLm model;
  private final Tokenizer tokenizer;
  private final SequenceEncoder encoder;
  private final GenerationConfig generation;
  private final DecisionScorer scorer;

  /**
   * An answer.
   *
   * @param prompt ids the model was shown
   * @param reply what it said
   * @param cut whether it had more to say when the room or the context was used up
   */
  @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
  public record Answer(int[] prompt, PromptTemplate.Reply reply, boolean cut) {}

  /**
   * @param encoder makes the prompts, as in training
   * @param generation how to answer, and in how many tokens: see {@link #room}
   */
  public AnswerEvaluator(
      CausalLm model, Tokenizer tokenizer, SequenceEncoder encoder, GenerationConfig generation) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.generation = generation;
    this.scorer = new DecisionScorer(model, encoder);
  }

  /**
   * Tokens that the longest of the references takes, decision and end of text included, at least 1:
   * with fewer a model that answers as the references do is cut.
   */
  public static int room(SequenceEncoder encoder, List<QuestionExample> questions) {
    return questions.stream().mapToInt(q -> encoder.completion(q).length).max().orElse(1);
  }

  /**
   * What the model says to {@code question}. A long context loses its front to leave the answer its
   * room, but at most half of the encoder's length, so that one long reference does not take the
   * contexts of all questions.
   */
  public Answer answer(QuestionExample question) {
    int reserve = Math.min(generation.maxNewTokens(), Math.max(1, encoder.maxLength() / 2));
    int[] prompt = encoder.prompt(question, reserve);
    int[] ids = new Generator(model).generate(prompt, generation, id -> {});
    int[] reply = Arrays.stream(ids).skip(prompt.length).filter(this::isText).toArray();
    boolean ended = ids.length > prompt.length && isEnd(ids[ids.length - 1]);
    return new Answer(prompt, PromptTemplate.parse(tokenizer.decode(reply)), !ended);
  }

  /** Not the end of the text, nor what a post-processor puts behind every text. */
  private boolean isText(int id) {
    return !isEnd(id) && Arrays.stream(tokenizer.idsAfter()).noneMatch(after -> after == id);
  }

  private boolean isEnd(int id) {
    return model.endOfTextIds().contains(id)
        || id == tokenizer.endOfTextId().orElse(-1)
        || generation.endOfTextIds().orElse(Set.of()).contains(id);
  }

  /** Answers every question and scores all answers. */
  public AnswerScores evaluate(List<QuestionExample> questions) {
    if (questions.isEmpty()) {
      throw new IllegalArgumentException("there are no questions to answer");
    }
    List<List<List<String>>> references = new ArrayList<>();
    List<List<String>> hypotheses = new ArrayList<>();
    double sentences = 0;
    var rouge = new double[3];
    int cut = 0;
    int decisions = 0;
    int right = 0;
    int unstated = 0;
    for (QuestionExample question : questions) {
      Answer answer = answer(question);
      PromptTemplate.Reply reply = answer.reply();
      List<List<String>> reference = List.of(Bleu.words(question.answer()));
      List<String> hypothesis = Bleu.words(reply.answer());
      references.add(reference);
      hypotheses.add(hypothesis);
      sentences += Bleu.sentence(reference, hypothesis, WEIGHTS, Smoothing.METHOD_1);
      RougeScores scores = Rouge.score(question.answer(), reply.answer(), true);
      rouge[0] += scores.rouge1().fmeasure();
      rouge[1] += scores.rouge2().fmeasure();
      rouge[2] += scores.rougeL().fmeasure();
      cut += answer.cut() ? 1 : 0;
      if (question.decision() != null) {
        decisions++;
        unstated += reply.decision() == null ? 1 : 0;
        right += question.decision().equals(decision(answer, question)) ? 1 : 0;
      }
    }
    int n = questions.size();
    return new AnswerScores(
        n,
        generation.maxNewTokens(),
        cut,
        Bleu.corpus(references, hypotheses, WEIGHTS, Smoothing.METHOD_0),
        sentences / n,
        rouge[0] / n,
        rouge[1] / n,
        rouge[2] / n,
        decisions,
        right,
        unstated);
  }

  private String decision(Answer answer, QuestionExample question) {
    String said = answer.reply().decision();
    return said != null
        ? said
        : scorer.likeliest(answer.prompt(), question, answer.reply().answer());
  }
}
