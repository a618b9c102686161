package dev.galen.train;

import dev.galen.model.LanguageModel;
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

/** Lets a model answer questions and scores the answers against the references. */
public final class AnswerEvaluator {
  private static final double[] WEIGHTS = Bleu.uniformWeights(4);

  private final LanguageModel model;
  private final Tokenizer tokenizer;
  private final SequenceEncoder encoder;
  private final GenerationConfig generation;

  /**
   * @param encoder makes the prompts, as in training
   * @param generation how to answer
   */
  public AnswerEvaluator(
      LanguageModel model,
      Tokenizer tokenizer,
      SequenceEncoder encoder,
      GenerationConfig generation) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.generation = generation;
  }

  /** What the model says to {@code question}. */
  public PromptTemplate.Reply answer(QuestionExample question) {
    int[] prompt = encoder.prompt(question, generation.maxNewTokens());
    int[] ids = new Generator(model).generate(prompt, generation, id -> {});
    int[] reply = Arrays.stream(ids).skip(prompt.length).filter(this::isText).toArray();
    return PromptTemplate.parse(tokenizer.decode(reply));
  }

  /** Not the end of the text, nor a row that only fills up the embedding. */
  private boolean isText(int id) {
    return id != model.endOfTextId()
        && id != tokenizer.endOfTextId().orElse(-1)
        && id < tokenizer.vocabularySize();
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
    int decisions = 0;
    int right = 0;
    for (QuestionExample question : questions) {
      PromptTemplate.Reply reply = answer(question);
      List<List<String>> reference = List.of(Bleu.words(question.answer()));
      List<String> hypothesis = Bleu.words(reply.answer());
      references.add(reference);
      hypotheses.add(hypothesis);
      sentences += Bleu.sentence(reference, hypothesis, WEIGHTS, Smoothing.METHOD_1);
      RougeScores scores = Rouge.score(question.answer(), reply.answer(), true);
      rouge[0] += scores.rouge1().fmeasure();
      rouge[1] += scores.rouge2().fmeasure();
      rouge[2] += scores.rougeL().fmeasure();
      if (question.decision() != null) {
        decisions++;
        right += question.decision().equals(reply.decision()) ? 1 : 0;
      }
    }
    int n = questions.size();
    return new AnswerScores(
        n,
        Bleu.corpus(references, hypotheses, WEIGHTS, Smoothing.METHOD_0),
        sentences / n,
        rouge[0] / n,
        rouge[1] / n,
        rouge[2] / n,
        decisions,
        right);
  }
}
