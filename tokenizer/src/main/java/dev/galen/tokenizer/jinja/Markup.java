package dev.galen.tokenizer.jinja;

/**
 * A text that {@code safe} or {@code escape} has marked: what is added to it is escaped for HTML.
 */
record Markup(String text) {

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace(">", "&gt;")
        .replace("<", "&lt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }

  static Markup escaped(Object value, Budget budget) {
    if (value instanceof Markup markup) {
      return markup;
    }
    String text = Values.str(value, budget);
    budget.spend(text.length(), 6);
    return new Markup(escape(text));
  }
}
