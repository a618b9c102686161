package dev.galen.examples.clinical.pubmedqa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.galen.train.data.QuestionExample;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArtificialQuestionsTest {
  private static String made(String statement) {
    QuestionExample question = ArtificialQuestions.question(statement, "", "");
    return question == null ? null : question.question() + " " + question.decision();
  }

  @Test
  void asksWhatAStatementSays() {
    assertEquals(
        "Does zinc prevent colds in young adults? no",
        made("Zinc does not prevent colds in young adults."));
    assertEquals("Is rest the best cure of all? yes", made("Rest is the best cure of all."));
    assertEquals(
        "Can zinc shorten colds in young adults? maybe",
        made("Zinc may shorten colds in young adults."));
    assertEquals(
        "Are there known cures of the disease? no",
        made("There are no known cures of the disease."));
    assertEquals(
        "Is HDL the cause of that effect? maybe",
        made("HDL is possibly the cause of that effect."));
  }

  @Test
  void leavesOutWhatItCannotTurn() {
    assertNull(made("Is rest the best cure of all?"));
    assertNull(made("Zinc is good."));
    assertNull(made("If you have a cold, zinc is of little use."));
    assertNull(made("Children who have colds take zinc every day."));
    assertNull(made("The drug was given to people without a cold."), "denies something else");
    assertNull(made("The drug lowers blood pressure within four hours."), "has no auxiliary");
  }

  @Test
  void takesSoManyOfEach() {
    String text =
        "Zinc does not prevent colds in young adults. Rest is the best cure of all. It may take a"
            + " week or more. Tea is a good drink for all. Milk was never tried in the ward.";
    List<QuestionExample> questions =
        ArtificialQuestions.of(List.of(text, text), new int[] {3, 2, 9}, 1);
    assertEquals(3, questions.stream().filter(q -> q.decision().equals("yes")).count());
    assertEquals(2, questions.stream().filter(q -> q.decision().equals("no")).count());
    assertEquals(2, questions.stream().filter(q -> q.decision().equals("maybe")).count());
    assertEquals(questions, ArtificialQuestions.of(List.of(text, text), new int[] {3, 2, 9}, 1));
  }
}
