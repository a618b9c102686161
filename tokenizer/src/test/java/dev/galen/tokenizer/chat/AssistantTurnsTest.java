package dev.galen.tokenizer.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the assistant says, by marks of the template and without them. */
class AssistantTurnsTest {
  private static final List<Map<String, String>> TALK =
      List.of(say("user", "a"), say("assistant", "b"), say("user", "c"), say("assistant", "d"));
  private static final String PLAIN =
      "{% for m in messages %}<{{ m.role }}>{{ m.content }}.{% endfor %}"
          + "{% if add_generation_prompt %}<assistant>{% endif %}";
  private static final String MARKED =
      "{% for m in messages %}<{{ m.role }}>{% if m.role == 'assistant' %}{%- generation -%}"
          + "{{ m.content }}{% endgeneration %}{% else %}{{ m.content }}{% endif %}.{% endfor %}"
          + "{% if add_generation_prompt %}<assistant>{% endif %}";

  private static Map<String, String> say(String role, String content) {
    return Map.of("role", role, "content", content);
  }

  private static String said(String template, List<?> messages, int first) {
    RenderedChat chat = ChatTemplate.of(template).renderTurns(ChatInput.of(messages), first);
    assertEquals(ChatTemplate.of(template).render(ChatInput.of(messages)).text(), chat.text());
    return chat.assistant().stream()
        .map(span -> chat.text().substring(span.start(), span.end()))
        .collect(Collectors.joining("|"));
  }

  private static String refusal(String template, int first) {
    var input = ChatInput.of(TALK);
    return assertThrows(
            ChatTemplateException.class, () -> ChatTemplate.of(template).renderTurns(input, first))
        .reason();
  }

  @Test
  void turnsFollowTheGenerationPrompt() {
    assertEquals("b.|d.", said(PLAIN, TALK, 0));
    assertEquals("b.|d.", said(PLAIN, TALK, 1));
    assertEquals("d.", said(PLAIN, TALK, 2));
    assertEquals("", said(PLAIN, TALK, 4));
    assertEquals("b.", said(PLAIN, TALK.subList(0, 3), 0));
    // Without a generation prompt a turn begins behind the message before it.
    assertEquals("(b)|(d)", said("{% for m in messages %}({{ m.content }}){% endfor %}", TALK, 0));
  }

  @Test
  void anEmptyAnswerIsATurnOfNothing() {
    List<?> messages = List.of(say("user", "a"), say("assistant", ""), say("user", "c"));
    RenderedChat chat =
        ChatTemplate.of("{% for m in messages %}{{ m.content }}{% endfor %}")
            .renderTurns(ChatInput.of(messages), 0);
    assertEquals(List.of(new RenderedChat.Span(1, 1)), chat.assistant());
  }

  @Test
  void marksWin() {
    assertEquals("b|d", said(MARKED, TALK, 0));
    assertEquals("b|d", said(MARKED, TALK, 1));
    assertEquals("d", said(MARKED, TALK, 3));
    assertEquals("b|d", said(MARKED, TALK.subList(1, 4), 0));
    // What ends where the completion begins is none of it.
    String bare =
        "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}"
            + "{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}";
    assertEquals("d", said(bare, TALK, 2));
    // A mark that begins in front of the completion is cut there.
    String wide = "{% generation %}" + PLAIN + "{% endgeneration %}";
    assertEquals("d.", said(wide, TALK, 3));
  }

  @Test
  void aTextThatDependsOnWhatFollowsIsRefused() {
    String last = "{% for m in messages %}{{ m.content }}{{ '!' if loop.last }}{% endfor %}";
    assertTrue(
        refusal(last, 0).startsWith("writes the first 1 of 4 messages and the generation prompt"),
        refusal(last, 0));
    String answers =
        "{% for m in messages %}{{ m.content }}{{ '!' if loop.last and m.role == 'assistant' }}"
            + "{% endfor %}";
    assertTrue(refusal(answers, 0).startsWith("writes the first 2 of 4 messages otherwise"));
    assertEquals("d!", said(answers, TALK, 2));
    // One whose prompt is longer than the turn and what follows.
    String prompted = PLAIN.replace("<assistant>{% endif", "<assistant>b.<user>{% endif");
    assertTrue(refusal(prompted, 0).startsWith("writes the first 2 of 4 messages otherwise"));
    // A mark does not help where the prompt is not the beginning.
    assertTrue(
        refusal("{% generation %}" + last + "{% endgeneration %}", 1).contains("first 1 of 4"));
  }

  @Test
  void aFirstMessageOfTheAssistantNeedsMarks() {
    List<?> messages = TALK.subList(1, 4);
    var e =
        assertThrows(
            ChatTemplateException.class,
            () -> ChatTemplate.of(PLAIN, "x.jinja").renderTurns(ChatInput.of(messages), 0));
    assertTrue(e.getMessage().startsWith("x.jinja: the first message is the assistant's"));
    assertEquals("d.", said(PLAIN, messages, 1));
  }

  @Test
  void whatIsNoWholeConversationIsRefused() {
    ChatTemplate template = ChatTemplate.of(PLAIN);
    ChatInput talk = ChatInput.of(TALK);
    for (ChatInput input :
        List.of(talk.withGenerationPrompt(true), talk.withContinued("content"))) {
      assertThrows(IllegalArgumentException.class, () -> template.renderTurns(input, 0));
    }
    assertThrows(IllegalArgumentException.class, () -> template.renderTurns(talk, -1));
    assertThrows(IllegalArgumentException.class, () -> template.renderTurns(talk, 5));
  }
}
