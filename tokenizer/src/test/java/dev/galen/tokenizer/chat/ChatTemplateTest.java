package dev.galen.tokenizer.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tokenizer.Encoding;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a template may not do, and what there is around the language. */
class ChatTemplateTest {
  private static final ChatInput HELLO =
      ChatInput.of(List.of(Map.of("role", "user", "content", "Hello")));

  private static String render(String template) {
    return ChatTemplate.of(template).render(HELLO).text();
  }

  private static ChatTemplateException refusal(String template) {
    return assertThrows(ChatTemplateException.class, () -> render(template), template);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{% for i in range(100000) %}{% for j in range(1000) %}x{% endfor %}{% endfor %}",
        "{{ 'a' * 10 ** 12 }}",
        "{{ 'a' * 2 ** 62 * 8 }}",
        "{{ [0] * 10 ** 9 }}",
        "{% set ns = namespace(s='ab') %}{% for i in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s='ab') %}{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(s='ab') %}{% for i in range(64) %}{% set ns.s = ns.s|replace('a', ns.s) %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(64) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(64) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s|tojson }}",
        "{% set ns = namespace(s=[1], t=[1]) %}{% for i in range(64) %}{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.s == ns.t }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(9999) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=(1,)) %}{% for i in range(9999) %}{% set ns.s = (ns.s,) %}{% endfor %}{{ {ns.s: 1} }}",
        "{% set t = (0,) * 100000 %}{% for i in range(100000) %}{{ t in {} }}{% endfor %}",
        "{% set t = 'a' * 10000000 %}{% for i in range(100000) %}{{ t|length }}{{ t[0] }}{% endfor %}",
        "{% set t = 'a,' * 10000000 %}{{ t.split(',')|length }}",
        "{% set t = 'a,' * 10000000 %}{{ t|list|length }}",
        "{% set d = dict(range(100000)|batch(2)) %}{% for i in range(100000) %}{{ d.items()|length }}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(x) %}{% call m(x) %}{{ caller() }}{% endcall %}{% endmacro %}{{ m(1) }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{{ 10 ** (10 ** 10) }}",
        "{% set ns = namespace(n=3) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
        "{{ range(10 ** 9) }}",
        "{{ 'x'|center(10 ** 9) }}",
        "{{ 'x'.zfill(10 ** 12) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ [[[1]]]|tojson(indent=10 ** 6) }}",
        "{{ 'a\\tb'.expandtabs(10 ** 9) * 10 ** 6 }}",
        "{% set a = 'a' * 1000 %}{{ (a ~ 'b') * 10 ** 6 }}"
      })
  void aTemplateThatDoesNotEndIsStopped(String template) {
    assertTimeoutPreemptively(Duration.ofSeconds(30), () -> refusal(template), template);
  }

  @Test
  void deepNestingOfATemplatesTextIsRefused() {
    for (String part : List.of("(", "[", "not ", "-", "{'a':", "a[", "a(")) {
      assertTrue(refusal("{{ " + part.repeat(100_000)).getMessage().contains("nests deeper"), part);
    }
    assertTrue(refusal("{% if x %}".repeat(100_000)).getMessage().contains("nests deeper"));
    assertEquals("1", render("{{ " + "(".repeat(60) + "1" + ")".repeat(60) + " }}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{% do x %}",
        "{% trans %}",
        "{% autoescape true %}{% endautoescape %}",
        "{{ messages|pprint }}",
        "{{ 'a'|urlize }}",
        "{{ messages|random }}",
        "{{ lipsum() }}",
        "{{ 'a'.encode() }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ messages.append(1) }}",
        "{{ messages[0].update({}) }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ '{0.__class__.x}'.format(1) }}",
        "{{ 1_1" + "_1",
        "{{ 'a\\"
      })
  void whatIsNotSupportedOrNotSafeIsRefused(String template) {
    refusal(template);
  }

  @Test
  void aRefusalHasTemplateAndLine() {
    var e =
        assertThrows(
            ChatTemplateException.class,
            () ->
                ChatTemplate.of(
                        "a\n{% if true %}\n\n  {{ raise_exception('no way') }}\n{% endif %}",
                        "x.jinja")
                    .render(HELLO));
    assertEquals("x.jinja, line 4: no way", e.getMessage());
    assertEquals("no way", e.reason());
    assertEquals(4, e.line());
    e = refusal("a\r\nb\n{{ 1 +\n }}");
    assertEquals("chat template, line 4: expected a value, got '}}'", e.getMessage());
    e = refusal("a\n{% if true %}\nb");
    assertEquals(
        "chat template, line 2: {% if %} is not closed: expected elif or else or endif",
        e.getMessage());
  }

  @Test
  void theTimeIsThatOfTheClock() {
    var clock = Clock.fixed(Instant.parse("2024-07-06T05:04:03Z"), ZoneOffset.UTC);
    String template =
        "{{ strftime_now('%d %b %Y|%A %a %B|%H:%M:%S|%y%m%d|%j %p %I|%-d/%-m|%%|%F %T|%e') }}";
    assertEquals(
        "06 Jul 2024|Saturday Sat July|05:04:03|240706|188 AM 05|6/7|%|2024-07-06 05:04:03| 6",
        ChatTemplate.of(template).withClock(clock).render(HELLO).text());
  }

  @Test
  void tokensWithinTheAssistantsSpansAreMarked() {
    String template =
        "{% for m in messages %}<{{ m.role }}>"
            + "{% if m.role == 'assistant' %}{% generation %}{{ m.content }}.{% endgeneration %}"
            + "{% else %}{{ m.content }}{% endif %}{% endfor %}";
    var rendered =
        ChatTemplate.of(template)
            .render(
                ChatInput.of(
                    List.of(
                        Map.of("role", "user", "content", "a"),
                        Map.of("role", "assistant", "content", "b😀"),
                        Map.of("role", "user", "content", "c"))));
    assertEquals("<user>a<assistant>b😀.<user>c", rendered.text());
    assertEquals(List.of(new RenderedChat.Span(18, 22)), rendered.assistant());
    int[] starts = {0, 6, 17, 19, 21, 22, 0};
    int[] ends = {6, 17, 19, 21, 22, 29, 0};
    int[] texts = {0, 0, 0, 0, 0, 0, -1};
    var encoding = new Encoding(new int[7], starts, ends, new int[7], texts, new boolean[7]);
    assertArrayEquals(
        new boolean[] {false, false, true, true, true, false, false},
        rendered.assistantMask(encoding));
    // A token that ends where the assistant begins is not the assistant's.
    var before =
        new Encoding(
            new int[1], new int[] {17}, new int[] {18}, new int[1], new int[1], new boolean[1]);
    assertArrayEquals(new boolean[] {false}, rendered.assistantMask(before));
  }

  private static String continued(Object content) {
    var input = ChatInput.of(List.of(Map.of("role", "assistant", "content", content)));
    return ChatTemplate.of(
            "{% if messages[0].content is string %}{{ messages[0].content }}{% else %}"
                + "{% for b in messages[0].content %}{{ b.text }}{% endfor %}{% endif %}<end>")
        .render(input.withContinued("content"))
        .text();
  }

  @Test
  void theLastTextIsContinuedWhereverItStands() {
    assertEquals("The", continued("The"));
    assertEquals("", continued(""));
    assertEquals("The", continued(List.of(Map.of("text", "The"))));
    assertEquals(
        "The x-ray",
        continued(List.of(Map.of("text", "The "), Map.of("text", "x-ray"), Map.of("image", 1))));
    var e =
        assertThrows(
            ChatTemplateException.class, () -> continued(List.of(Map.of("image", "x.png"))));
    assertEquals("the last message has no text to continue", e.reason());
  }

  @Test
  void inputThatDoesNotFitTogetherIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> ChatInput.of(List.of()));
    assertThrows(IllegalArgumentException.class, () -> HELLO.withTools(List.of("x")));
    assertThrows(
        IllegalArgumentException.class,
        () -> HELLO.withGenerationPrompt(true).withContinued("content"));
    assertThrows(
        IllegalArgumentException.class, () -> HELLO.withVariables(Map.of("messages", List.of())));
    var object = HELLO.withVariables(Map.of("x", new StringBuilder()));
    assertThrows(IllegalArgumentException.class, () -> ChatTemplate.of("").render(object));
  }

  @Test
  void toolsAndDocumentsAreDefinedAndNoneWithoutAny() {
    assertEquals(
        "True None True None True False",
        render(
            "{{ tools is defined }} {{ tools }} {{ documents is defined }} {{ documents }}"
                + " {{ add_generation_prompt is defined }} {{ add_generation_prompt }}"));
  }
}
