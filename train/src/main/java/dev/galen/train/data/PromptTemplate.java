package dev.galen.train.data;

import dev.galen.train.text.PythonText;
import java.util.function.ToIntFunction;

/**
 * How a question is put to the model and how its answer reads.
 *
 * <pre>
 * Question: Does inhaled budesonide help patients with asthma?      prompt, not trained
 * Context: We randomly assigned 120 adults ...                       (only when there is one)
 * Answer: Budesonide improved ...                                    completion, trained,
 * Decision: yes                                                      then end of text
 * </pre>
 *
 * <p>The prompt ends with {@code Answer:} and the completion begins with a space, so that
 * byte-level BPE, which joins a space to the word behind it, makes the same tokens of both together
 * as of each alone.
 */
public final class PromptTemplate {

  private static final String QUESTION = "Question: ";
  private static final String CONTEXT = "\nContext: ";
  private static final String ANSWER = "\nAnswer:";
  private static final String DECISION = "\nDecision:";

  private PromptTemplate() {}

  /**
   * What is shown to the model.
   *
   * @param question the question
   * @param context the paragraphs to answer from; left out with its heading when blank
   */
  public static String prompt(String question, String context) {
    String middle = context.isBlank() ? "" : CONTEXT + context.strip();
    return QUESTION + question.strip() + middle + ANSWER;
  }

  /** What the model learns to say: the answer, and the decision on a line of its own. */
  public static String completion(QuestionExample example) {
    String decision = example.decision() == null ? "" : DECISION + " " + example.decision();
    return " " + example.answer().strip() + decision;
  }

  /**
   * A prompt of at most so many tokens. When the whole prompt is longer, the context loses words at
   * its <em>front</em>: in abstracts and in dialogues what the answer rests on stands at the end.
   * The question is never cut.
   *
   * @param example the question and its context
   * @param maxTokens the greatest number of tokens
   * @param counter the number of tokens of a text
   * @throws IllegalArgumentException if the question alone is longer
   */
  public static String fit(QuestionExample example, int maxTokens, ToIntFunction<String> counter) {
    String context = example.context().strip();
    String prompt = prompt(example.question(), context);
    int tokens = counter.applyAsInt(prompt);
    if (tokens <= maxTokens) {
      return prompt;
    }
    int bare = counter.applyAsInt(prompt(example.question(), ""));
    if (bare > maxTokens) {
      throw new IllegalArgumentException(
          example.origin()
              + ": the question alone takes "
              + bare
              + " tokens and "
              + maxTokens
              + " are free; raise the length or shorten the question");
    }
    // Guess from the tokens per character so far; most often the first or second guess fits, and
    // each is at least a word shorter than the one before.
    while (tokens > maxTokens) {
      long kept = (long) context.length() * (maxTokens - bare) / (tokens - bare);
      context = lastWords(context, (int) Math.min(kept, context.length() - 1L));
      prompt = prompt(example.question(), context);
      tokens = counter.applyAsInt(prompt);
    }
    return prompt;
  }

  /** The longest tail of whole words that has at most so many characters. */
  private static String lastWords(String text, int length) {
    int start = text.length() - Math.max(length, 0);
    while (start < text.length() && !Character.isWhitespace(text.charAt(start - 1))) {
      start++;
    }
    return text.substring(start).strip();
  }

  /**
   * Takes a generated completion apart. What follows the decision's line, where a model runs on, is
   * left out.
   *
   * @param completion what the model said after the prompt, with or without a decision
   */
  public static Reply parse(String completion) {
    int at = completion.lastIndexOf(DECISION);
    if (at < 0) {
      return new Reply(PythonText.strip(completion), null);
    }
    String line = completion.substring(at + DECISION.length()).split("\n", 2)[0];
    String decision = PythonText.strip(line);
    return new Reply(
        PythonText.strip(completion.substring(0, at)),
        QuestionExample.DECISIONS.contains(decision) ? decision : null);
  }

  /**
   * A generated answer.
   *
   * @param answer the long answer
   * @param decision yes, no or maybe; null when the model gave none of them
   */
  public record Reply(String answer, String decision) {}
}
