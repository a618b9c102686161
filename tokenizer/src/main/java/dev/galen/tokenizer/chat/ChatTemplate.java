package dev.galen.tokenizer.chat;

import dev.galen.tokenizer.chat.RenderedChat.Span;
import dev.galen.tokenizer.jinja.JinjaException;
import dev.galen.tokenizer.jinja.JinjaTemplate;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A chat template in Jinja, rendered as transformers' {@code apply_chat_template} renders it. It is
 * immutable and safe for use by many threads.
 *
 * <p>A template is not trusted: it reaches nothing but the values that it is given, and one that
 * loops, nests or writes without an end is stopped with an error.
 */
public final class ChatTemplate {
  private final String place;
  private final String source;
  private final JinjaTemplate template;
  private final Clock clock;

  private ChatTemplate(String place, String source, JinjaTemplate template, Clock clock) {
    this.place = place;
    this.source = source;
    this.template = template;
    this.clock = clock;
  }

  /**
   * Reads a template.
   *
   * @throws ChatTemplateException if it is none, or has a tag that chat templates lack
   */
  public static ChatTemplate of(String template) {
    return of(template, "chat template");
  }

  /**
   * Reads a template.
   *
   * @param place what it is called in messages, mostly its file
   * @throws ChatTemplateException if it is none, or has a tag that chat templates lack
   */
  public static ChatTemplate of(String template, String place) {
    try {
      var parsed = JinjaTemplate.parse(template);
      return new ChatTemplate(place, template, parsed, Clock.systemDefaultZone());
    } catch (JinjaException e) {
      throw refusal(place, e);
    }
  }

  /** This template with another time for {@code strftime_now}. */
  public ChatTemplate withClock(Clock newClock) {
    return new ChatTemplate(place, source, template, newClock);
  }

  /** The template's text. */
  public String source() {
    return source;
  }

  /**
   * Renders a conversation.
   *
   * @throws ChatTemplateException if the template refuses it, or does what cannot be done
   */
  public RenderedChat render(ChatInput input) {
    var continued = input.continueField() == null ? null : ContinuedChat.of(input, this);
    Map<String, Object> variables = new HashMap<>(input.variables());
    variables.put("messages", continued == null ? input.messages() : continued.messages());
    variables.put("tools", input.tools());
    variables.put("documents", input.documents());
    variables.put("add_generation_prompt", input.addGenerationPrompt());
    JinjaTemplate.Result result;
    try {
      result = template.render(variables, clock);
    } catch (JinjaException e) {
      throw refusal(place, e);
    }
    if (continued != null) {
      return new RenderedChat(continued.cut(result.text()), List.of());
    }
    return new RenderedChat(
        result.text(),
        result.generated().stream().map(span -> new Span(span.start(), span.end())).toList());
  }

  /**
   * Renders a conversation to learn from, and finds where the assistant speaks in it: in the
   * template's {@code generation} blocks, or where it has none, from behind the generation prompt
   * to the end of each message of the role {@code assistant}.
   *
   * @param input a conversation as it was, with nothing to continue
   * @param first the message from which on the turns are wanted: 0 for all, the number of a
   *     prompt's messages for those of its completion
   * @throws ChatTemplateException if the template refuses the conversation, or has no {@code
   *     generation} blocks and writes the beginning of the conversation otherwise when it stands
   *     alone, so that the turns cannot be found
   */
  public RenderedChat renderTurns(ChatInput input, int first) {
    if (input.addGenerationPrompt() || input.continueField() != null) {
      throw new IllegalArgumentException(
          "the conversation has a turn to come; expected one that is complete");
    }
    if (first < 0 || first > input.messages().size()) {
      throw new IllegalArgumentException(
          "turns from message %d on of %d".formatted(first, input.messages().size()));
    }
    RenderedChat whole = render(input);
    return new RenderedChat(whole.text(), new AssistantTurns(this, input, whole).from(first));
  }

  ChatTemplateException refusal(String reason) {
    return new ChatTemplateException(place, 0, reason, null);
  }

  private static ChatTemplateException refusal(String place, JinjaException e) {
    return new ChatTemplateException(place, e.line(), e.getMessage(), e);
  }
}
