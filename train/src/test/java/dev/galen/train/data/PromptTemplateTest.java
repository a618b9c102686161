package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** How long a prompt may be, and what a model's answer says. */
class PromptTemplateTest {
  private static final Origin HERE = new Origin("data.jsonl", 7);

  /** Question and its heading, context and its heading, the answer's: 3 + 5 + 1 words. */
  private static final QuestionExample QUESTION =
      new QuestionExample("1", "a b", " c d\te f ", "Yes.", "no", HERE);

  private static String fit(int words) {
    return PromptTemplate.fit(QUESTION, words, text -> text.split("\\s+").length);
  }

  @Test
  void theContextLosesWordsAtItsFrontAndNoMoreThanItMust() {
    String whole = "Question: a b\nContext: c d\te f\nAnswer:";
    assertEquals(whole, fit(100));
    assertEquals(whole, fit(9));
    assertEquals("Question: a b\nContext: f\nAnswer:", fit(6));
    assertEquals("Question: a b\nAnswer:", fit(5));
    assertEquals("Question: a b\nAnswer:", fit(4));
    assertEquals(
        "data.jsonl:7: the question alone takes 4 tokens and 3 are free; raise the length or"
            + " shorten the question",
        assertThrows(IllegalArgumentException.class, () -> fit(3)).getMessage());
  }

  @Test
  void anAnswerEndsWithItsDecision() {
    assertEquals(" Yes.\nDecision: no", PromptTemplate.completion(QUESTION));
    assertEquals(
        new PromptTemplate.Reply("Yes.", "no"), PromptTemplate.parse(" Yes.\nDecision: no"));
    assertEquals(
        new PromptTemplate.Reply("Yes.", "maybe"),
        PromptTemplate.parse("Yes. \nDecision: maybe \nQuestion: more"));
    assertEquals(new PromptTemplate.Reply("", "yes"), PromptTemplate.parse("\nDecision: yes"));
    assertEquals(new PromptTemplate.Reply("A.", null), PromptTemplate.parse("A.\nDecision: never"));
    assertEquals(new PromptTemplate.Reply("A.", null), PromptTemplate.parse(" A.\n"));
  }
}
