package dev.galen.examples.clinical.report;

import java.util.List;
import java.util.regex.Pattern;

/** A report as HTML. */
final class HtmlReport {
  /** What turns the direction of the text around it. */
  private static final Pattern TURNING = Pattern.compile("[\u202A-\u202E\u2066-\u2069]");

  private Html html;
  private int regions;

  String of(RunReport report) {
    html = new Html(report.title());
    html.raw("<a class=\"skip\" href=\"#s1\">Skip to the first section</a>\n<header>\n");
    html.element("h1", report.title()).disclaimer();
    if (report.showsTexts()) {
      html.raw("<p class=\"note\" role=\"note\">This report shows texts of the data; keep it as");
      html.raw(" they have to be kept.</p>\n");
    }
    report.summary().forEach(sentence -> html.element("p", sentence));
    html.raw("</header>\n");
    contents(report);
    html.raw("<main>\n");
    if (!report.measures().isEmpty()) {
      var table = Table.of("Figures of this run", "figure", "value");
      report.measures().forEach(table::row);
      table(table.build());
    }
    int number = 0;
    for (Section section : report.sections()) {
      number++;
      html.raw(
              "<section id=\"s%d\" aria-labelledby=\"h%d\">\n<h2 id=\"h%d\">"
                  .formatted(number, number, number))
          .text(section.title())
          .raw("</h2>\n");
      blocks(section.blocks());
      html.raw("</section>\n");
    }
    html.raw("</main>\n<footer>\n").disclaimer().raw("</footer>\n");
    return html.end();
  }

  private void contents(RunReport report) {
    if (report.sections().size() < 3) {
      return;
    }
    html.raw("<nav aria-label=\"Contents\"><ol>\n");
    int number = 0;
    for (Section section : report.sections()) {
      html.raw("<li><a href=\"#s" + ++number + "\">").text(section.title()).raw("</a></li>\n");
    }
    html.raw("</ol></nav>\n");
  }

  private void blocks(List<Block> blocks) {
    for (Block block : blocks) {
      switch (block) {
        case Paragraph p -> html.element("p", p.text());
        case Bullets b -> {
          html.raw("<ul>\n");
          b.items().forEach(item -> html.element("li", item));
          html.raw("</ul>\n");
        }
        case Code c -> {
          html.raw("<p class=\"caption\">").text(c.caption()).raw("</p>\n<pre tabindex=\"0\">");
          html.raw("<code>").text(c.text()).raw("</code></pre>\n");
        }
        case Table t -> table(t);
        case Figure f -> figure(f);
        case MarkedText m -> html.marked(m);
        case Examples e -> examples(e);
      }
    }
  }

  private void examples(Examples examples) {
    html.raw("<p class=\"caption\">").text(examples.caption()).raw("</p>\n");
    for (Examples.Case one : examples.cases()) {
      html.raw("<article class=\"case\">\n").element("h3", one.title());
      blocks(one.blocks());
      html.raw("</article>\n");
    }
  }

  private void figure(Figure figure) {
    String svg = TURNING.matcher(figure.svg()).replaceAll("\uFFFD");
    html.raw("<figure>\n").raw(svg).raw("<figcaption>").text(figure.caption());
    html.raw("</figcaption>\n");
    if (!figure.numbers().rows().isEmpty()) {
      html.raw("<details><summary>The picture as numbers</summary>\n");
      table(figure.numbers());
      html.raw("</details>\n");
    }
    html.raw("</figure>\n");
  }

  /** A wide table scrolls by itself, by keyboard too. */
  private void table(Table table) {
    html.raw("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-labelledby=\"t");
    html.raw(++regions + "\">\n<table>\n<caption id=\"t" + regions + "\">").text(table.caption());
    html.raw("</caption>\n<thead><tr>");
    table.columns().forEach(column -> html.raw("<th scope=\"col\">").text(column).raw("</th>"));
    html.raw("</tr></thead>\n<tbody>\n");
    for (List<Object> row : table.rows()) {
      html.raw("<tr>");
      for (int i = 0; i < row.size(); i++) {
        cell(row.get(i), i == 0);
      }
      html.raw("</tr>\n");
    }
    html.raw("</tbody>\n</table>\n</div>\n");
  }

  private void cell(Object value, boolean first) {
    boolean number = value instanceof Number;
    String text =
        switch (value) {
          case null -> "not known";
          case Number n -> Numbers.text(n);
          default -> value.toString();
        };
    String element = first ? "th" : "td";
    html.raw(
        "<" + element + (first ? " scope=\"row\"" : "") + (number ? " class=\"n\"" : "") + ">");
    html.text(text).raw("</" + element + ">");
  }
}
