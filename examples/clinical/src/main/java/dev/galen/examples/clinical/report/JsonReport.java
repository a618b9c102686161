package dev.galen.examples.clinical.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A report as JSON: {@code {"title", "disclaimer", "summary": [..], "measures": {..}, "sections":
 * [{"title", "blocks": [{"kind", ..}]}]}}. A figure has the numbers of its picture; what is no
 * finite number is null.
 */
final class JsonReport {
  private static final ObjectWriter WRITER =
      JsonMapper.builder().build().writerWithDefaultPrettyPrinter();

  private JsonReport() {}

  static String of(RunReport report) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("title", report.title());
    json.put("disclaimer", Disclaimer.TEXT);
    report.summary().forEach(json.putArray("summary")::add);
    ObjectNode measures = json.putObject("measures");
    report.measures().forEach((name, value) -> put(measures, name, value));
    ArrayNode sections = json.putArray("sections");
    for (Section section : report.sections()) {
      ObjectNode one = sections.addObject();
      one.put("title", section.title());
      blocks(one.putArray("blocks"), section.blocks());
    }
    try {
      return WRITER.writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void blocks(ArrayNode into, List<Block> blocks) {
    for (Block block : blocks) {
      ObjectNode json = into.addObject();
      switch (block) {
        case Paragraph p -> json.put("kind", "paragraph").put("text", p.text());
        case Bullets b -> b.items().forEach(json.put("kind", "list").putArray("items")::add);
        case Code c -> json.put("kind", "code").put("caption", c.caption()).put("text", c.text());
        case Table t -> table(json.put("kind", "table"), t);
        case Figure f -> {
          json.put("kind", "figure").put("caption", f.caption());
          table(json.putObject("numbers"), f.numbers());
        }
        case MarkedText m -> {
          json.put("kind", "marked").put("caption", m.caption());
          ArrayNode pieces = json.putArray("pieces");
          m.pieces()
              .forEach(p -> pieces.addObject().put("text", p.text()).put("weight", p.weight()));
        }
        case Examples e -> {
          json.put("kind", "examples").put("caption", e.caption());
          ArrayNode cases = json.putArray("cases");
          for (Examples.Case one : e.cases()) {
            ObjectNode object = cases.addObject().put("title", one.title());
            blocks(object.putArray("blocks"), one.blocks());
          }
        }
      }
    }
  }

  private static void table(ObjectNode json, Table table) {
    json.put("caption", table.caption());
    table.columns().forEach(json.putArray("columns")::add);
    ArrayNode rows = json.putArray("rows");
    for (List<Object> row : table.rows()) {
      ArrayNode cells = rows.addArray();
      for (Object cell : row) {
        switch (cell) {
          case null -> cells.addNull();
          case String text -> cells.add(text);
          case Integer number -> cells.add(number);
          case Long number -> cells.add(number);
          case Number number -> {
            double value = number.doubleValue();
            cells.add(Double.isFinite(value) ? value : null);
          }
          default -> throw new IllegalStateException("a cell of " + cell.getClass());
        }
      }
    }
  }

  private static void put(ObjectNode json, String name, double value) {
    json.put(name, Double.isFinite(value) ? (Double) value : null);
  }
}
