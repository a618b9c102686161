package dev.galen.examples.clinical.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.train.chart.Chart;
import dev.galen.train.chart.Colour;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {
  private static final String EVIL = "</style><script>alert('x')</script>\"&\u202E\u0000 <b>";
  private static final String SHOWN = "</style><script>alert('x')</script>\"&\uFFFD\uFFFD <b>";

  @TempDir Path folder;

  private static String svg(String title) {
    double[] values = {0, 1};
    return Chart.of(title, "x", "y").add(Chart.Mark.LINE, Colour.BLUE, title, values, values).svg();
  }

  private static RunReport everywhere(String text) {
    var table = Table.of(text, text, "number").row(text, 1.5).row(null, Double.NaN).build();
    return RunReport.builder(text)
        .summary(text)
        .measure(text, 0.5)
        .section(
            text,
            new Paragraph(text),
            new Bullets(text, text),
            new Code(text, text),
            table,
            new Figure(text, svg(text), table),
            new MarkedText(text, List.of(new MarkedText.Piece(text, -2))),
            new Examples(
                text, List.of(new Examples.Case(text, List.of(new Paragraph(text), table)))))
        .section("second")
        .section("third")
        .build();
  }

  /** Every text, and every element that is not one of a report's own. */
  private static List<String> texts(String html) throws Exception {
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    var xml = factory.createXMLStreamReader(new StringReader(html));
    var texts = new ArrayList<String>();
    while (xml.hasNext()) {
      switch (xml.next()) {
        case XMLStreamConstants.CHARACTERS -> texts.add(xml.getText());
        case XMLStreamConstants.START_ELEMENT -> {
          assertFalse(List.of("script", "link", "img", "iframe", "b").contains(xml.getLocalName()));
          for (int i = 0; i < xml.getAttributeCount(); i++) {
            assertFalse(xml.getAttributeLocalName(i).startsWith("on"));
            assertFalse(xml.getAttributeLocalName(i).equals("src"));
          }
        }
        default -> {}
      }
    }
    return texts;
  }

  @Test
  void escapesEveryTextEverywhere() throws Exception {
    String html = ReportWriter.html(everywhere(EVIL));
    List<String> texts = texts(html);
    // Title twice, summary, contents, heading, and all blocks.
    assertTrue(texts.stream().filter(SHOWN::equals).count() >= 15, texts::toString);
    assertFalse(html.contains("<script"));
    assertFalse(html.contains("\u202E"));
  }

  @Test
  void isOneFileThatLoadsNothing() {
    String html = ReportWriter.html(everywhere("plain"));
    assertTrue(html.contains("default-src 'none'"));
    String without = html.replace("http://www.w3.org/2000/svg", "");
    assertFalse(without.contains("://"), "an address of something outside");
    assertFalse(without.contains("url("));
    assertTrue(html.contains("prefers-color-scheme:dark"));
  }

  @Test
  void tablesNameColumnsAndRows() {
    String html = ReportWriter.html(everywhere("plain"));
    assertTrue(html.contains("<th scope=\"col\">number</th>"));
    assertTrue(html.contains("<th scope=\"row\">plain</th>"));
    assertTrue(html.contains("<td class=\"n\">not defined</td>"));
    assertTrue(html.contains("<th scope=\"row\">not known</th>"));
  }

  @Test
  void writesTheSameContentAsJson() throws Exception {
    ReportWriter.write(everywhere("words"), folder.resolve("made"));
    Path made = folder.resolve("made");
    assertTrue(Files.readString(made.resolve("report.html")).contains(Disclaimer.TEXT));
    JsonNode json = new JsonMapper().readTree(Files.readString(made.resolve("report.json")));
    assertEquals(Disclaimer.TEXT, json.path("disclaimer").asText());
    assertEquals(0.5, json.path("measures").path("words").asDouble());
    JsonNode blocks = json.path("sections").path(0).path("blocks");
    var kinds = new ArrayList<String>();
    blocks.forEach(block -> kinds.add(block.path("kind").asText()));
    assertEquals(
        List.of("paragraph", "list", "code", "table", "figure", "marked", "examples"), kinds);
    assertEquals(1.5, blocks.path(3).path("rows").path(0).path(1).asDouble());
    assertTrue(blocks.path(3).path("rows").path(1).path(0).isNull());
    assertTrue(blocks.path(3).path("rows").path(1).path(1).isNull());
    assertEquals(-2, blocks.path(5).path("pieces").path(0).path("weight").asDouble());
    assertEquals(
        "words", blocks.path(6).path("cases").path(0).path("blocks").path(0).path("text").asText());
  }

  @Test
  void saysThatTextsOfTheDataStandInIt() {
    assertTrue(ReportWriter.html(everywhere("x")).contains("This report shows texts of the data"));
    var without = RunReport.builder("x").section("a", new Paragraph("b")).build();
    assertFalse(ReportWriter.html(without).contains("shows texts"));
  }

  @Test
  void takesPicturesOfShapesAlone() {
    Table none = Table.of("", "a").build();
    String plain = svg("t");
    for (String bad :
        List.of(
            plain.replace("<g ", "<script>1</script><g "),
            plain.replace("<g ", "<g onclick='x' "),
            plain.replace("<g ", "<a href='http://x'><g ").replaceFirst("</g>", "</g></a>"),
            plain.replace("<style>", "<style>@import 'x';"),
            plain.replace("fill='#ffffff'", "fill='url(http://x)'"),
            "<!DOCTYPE svg [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + plain,
            "<html/>",
            "<svg",
            plain + plain)) {
      var refused =
          assertThrows(
              IllegalArgumentException.class, () -> new Figure("the picture", bad, none), bad);
      assertTrue(refused.getMessage().contains("the picture"), refused::getMessage);
    }
  }

  @Test
  void tellsOfARowThatDoesNotFit() {
    var bad = Table.of("doses", "drug", "dose").row("aspirin");
    var refused = assertThrows(IllegalArgumentException.class, bad::build);
    assertEquals("table \"doses\": a row has 1 cells for 2 columns", refused.getMessage());
  }

  @Test
  void showsNumbersAsPeopleReadThem() {
    assertEquals("1,234,567", Numbers.text(1_234_567));
    assertEquals("363.1", Numbers.text(363.14));
    assertEquals("0.636", Numbers.text(0.6358));
    assertEquals("2.0e-05", Numbers.text(0.00002));
    assertEquals("-0.020", Numbers.text(-0.02));
    assertEquals("0", Numbers.text(0.0));
    assertEquals("not defined", Numbers.text(Double.NaN));
    assertEquals("infinite", Numbers.text(Double.POSITIVE_INFINITY));
  }

  @Test
  void markdownHasNoMarkupOfTheTexts() {
    String evil = "a | b *c* `d` <script> [e](f)\n# g";
    var report =
        RunReport.builder("t")
            .section("s", new Paragraph(evil), Table.of("c", evil).row(evil).build())
            .section("code", new Code("c", "```\nx"))
            .build();
    String text = ReportWriter.markdown(report);
    String escaped = "a \\| b \\*c\\* \\`d\\` \\<script\\> \\[e\\](f) \\# g";
    assertTrue(text.contains("\n" + escaped + "\n"), text);
    assertTrue(text.contains("| " + escaped + " |\n| --- |\n| " + escaped + " |\n"), text);
    assertTrue(text.contains("````\n```\nx\n````"), text);
    assertTrue(text.contains(Disclaimer.TEXT));
  }
}
