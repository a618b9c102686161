package dev.galen.train.data;

import java.util.Objects;
import java.util.Set;

/**
 * A question, what is known about it and its answer: PubMedQA's record.
 *
 * @param id the data set's own name of the record; empty when it has none
 * @param question the question
 * @param context the paragraphs to answer from, joined by newlines; empty when there are none
 * @param answer the long answer
 * @param decision {@code yes}, {@code no} or {@code maybe}; null when the record has none
 * @param origin where the record comes from
 */
public record QuestionExample(
    String id, String question, String context, String answer, String decision, Origin origin)
    implements Example {

  /** The decisions that PubMedQA knows. */
  public static final Set<String> DECISIONS = Set.of("yes", "no", "maybe");

  /** Checks that nothing but the decision is null, and that the decision is a known one. */
  public QuestionExample {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(origin, "origin");
    if (decision != null && !DECISIONS.contains(decision)) {
      throw new IllegalArgumentException(
          origin + ": decision is \"" + decision + "\"; expected yes, no, maybe or none");
    }
  }

  /** A record made in the program. */
  public QuestionExample(
      String id, String question, String context, String answer, String decision) {
    this(id, question, context, answer, decision, Origin.MEMORY);
  }

  /** The id, or the question where there is no id. */
  @Override
  public String key() {
    return id.isEmpty() ? question : id;
  }

  /** The prompt and its completion by {@link PromptTemplate}. */
  @Override
  public String text() {
    return PromptTemplate.prompt(question, context) + PromptTemplate.completion(this);
  }
}
