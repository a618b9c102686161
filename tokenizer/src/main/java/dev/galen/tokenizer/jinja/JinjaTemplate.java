package dev.galen.tokenizer.jinja;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A template that was read. It is immutable and safe for use by many threads. */
public final class JinjaTemplate {
  /** Characters of a text, as indexes of Java's strings. */
  public record Span(int start, int end) {}

  /**
   * What a template wrote.
   *
   * @param generated what stands in its {@code generation} blocks
   */
  public record Result(String text, List<Span> generated) {}

  private static final Object MISSING = new Object();

  private final StatementParser.Parsed parsed;

  private JinjaTemplate(StatementParser.Parsed parsed) {
    this.parsed = parsed;
  }

  /**
   * Reads a template.
   *
   * @throws JinjaException if it is no template, with the line
   */
  public static JinjaTemplate parse(String template) {
    return new JinjaTemplate(StatementParser.parse(template));
  }

  /**
   * Renders the template.
   *
   * @param variables by their names: strings, numbers, booleans, null, and lists and maps of them
   * @param clock what {@code strftime_now} reads
   * @throws JinjaException if the template says so, does what cannot be done, or does not end
   */
  public Result render(Map<String, ?> variables, Clock clock) {
    Map<String, Object> values = new HashMap<>();
    variables.forEach((name, value) -> values.put(name, Values.of(value)));
    var renderer =
        new Renderer(
            parsed.blocks(),
            name -> {
              Object value = values.getOrDefault(name, MISSING);
              return value == MISSING ? Globals.find(name, clock) : value;
            });
    return renderer.render(parsed.statements());
  }
}
