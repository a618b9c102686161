package dev.galen.examples.clinical.report;

import java.util.List;
import java.util.stream.Collectors;

/** A report as Markdown; pictures are their numbers. */
final class MarkdownReport {
  private final StringBuilder out = new StringBuilder();

  private MarkdownReport() {}

  static String of(RunReport report) {
    var markdown = new MarkdownReport();
    markdown.out.append("# ").append(escaped(report.title())).append("\n\n");
    markdown.out.append("> ").append(Disclaimer.TEXT).append("\n\n");
    report.summary().forEach(markdown::paragraph);
    if (!report.measures().isEmpty()) {
      var table = Table.of("Figures of this run", "figure", "value");
      report.measures().forEach(table::row);
      markdown.table(table.build());
    }
    for (Section section : report.sections()) {
      markdown.out.append("## ").append(escaped(section.title())).append("\n\n");
      markdown.blocks(section.blocks());
    }
    return markdown.out.toString().stripTrailing() + "\n";
  }

  private void blocks(List<Block> blocks) {
    for (Block block : blocks) {
      switch (block) {
        case Paragraph p -> paragraph(p.text());
        case Bullets b -> {
          b.items().forEach(item -> out.append("- ").append(escaped(item)).append('\n'));
          out.append('\n');
        }
        case Table t -> table(t);
        case Figure f -> {
          paragraph(f.caption());
          table(f.numbers());
        }
        case Code c -> code(c);
        case MarkedText m ->
            paragraph(
                m.pieces().stream().map(MarkedText.Piece::text).collect(Collectors.joining()));
        case Examples e -> {
          paragraph(e.caption());
          for (Examples.Case one : e.cases()) {
            out.append("### ").append(escaped(one.title())).append("\n\n");
            blocks(one.blocks());
          }
        }
      }
    }
  }

  private void paragraph(String text) {
    out.append(escaped(text)).append("\n\n");
  }

  private void table(Table table) {
    out.append(escaped(table.caption())).append("\n\n");
    row(table.columns());
    row(table.columns().stream().map(column -> "---").toList());
    for (List<Object> row : table.rows()) {
      row(row.stream().map(MarkdownReport::cell).toList());
    }
    out.append('\n');
  }

  private static String cell(Object value) {
    return switch (value) {
      case null -> "not known";
      case Number number -> Numbers.text(number);
      default -> value.toString();
    };
  }

  private void row(List<String> cells) {
    cells.forEach(
        cell -> out.append("| ").append(cell.equals("---") ? cell : escaped(cell)).append(' '));
    out.append("|\n");
  }

  /** Text as it stands, behind a fence longer than any in it. */
  private void code(Code code) {
    paragraph(code.caption());
    String fence = "```";
    while (code.text().contains(fence)) {
      fence += "`";
    }
    out.append(fence).append('\n').append(code.text().stripTrailing()).append('\n').append(fence);
    out.append("\n\n");
  }

  /** Text on one line that no character of begins something. */
  private static String escaped(String text) {
    var escaped = new StringBuilder();
    for (char c : text.strip().replaceAll("\\s*\\R\\s*", " ").toCharArray()) {
      if ("\\`*_[]<>|#".indexOf(c) >= 0) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }
}
