package dev.galen.examples.clinical.report;

import java.io.StringReader;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Holds pictures to what Galen's charts draw: nothing that runs, loads or leads elsewhere. */
final class SvgCheck {
  private static final Set<String> ELEMENTS =
      Set.of(
          "svg",
          "title",
          "desc",
          "style",
          "g",
          "rect",
          "circle",
          "line",
          "polyline",
          "path",
          "text");
  private static final Set<String> ATTRIBUTES =
      Set.of(
          "viewBox",
          "width",
          "height",
          "role",
          "class",
          "color",
          "fill",
          "fill-opacity",
          "font-family",
          "font-size",
          "font-weight",
          "stroke",
          "stroke-width",
          "stroke-opacity",
          "stroke-dasharray",
          "stroke-linejoin",
          "stroke-linecap",
          "text-anchor",
          "transform",
          "points",
          "d",
          "x",
          "y",
          "x1",
          "x2",
          "y1",
          "y2",
          "cx",
          "cy",
          "r",
          "rx",
          "ry");

  private SvgCheck() {}

  /**
   * Refuses what is no plain picture.
   *
   * @param caption for the message
   */
  static void require(String svg, String caption) {
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      var xml = factory.createXMLStreamReader(new StringReader(svg));
      boolean first = true;
      String element = "";
      while (xml.hasNext()) {
        switch (xml.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            element = xml.getLocalName();
            if (first != element.equals("svg") || !ELEMENTS.contains(element)) {
              throw new IllegalArgumentException(
                  "figure \"%s\": a picture may not have <%s> there".formatted(caption, element));
            }
            first = false;
            requireAttributes(xml, element, caption);
          }
          case XMLStreamConstants.END_ELEMENT -> element = "";
          case XMLStreamConstants.CHARACTERS -> {
            if (element.equals("style")) {
              requirePlain(xml.getText(), "style", caption);
            }
          }
          case XMLStreamConstants.END_DOCUMENT, XMLStreamConstants.SPACE -> {}
          default ->
              throw new IllegalArgumentException(
                  "figure \"%s\": a picture has elements and texts alone".formatted(caption));
        }
      }
    } catch (XMLStreamException e) {
      throw new IllegalArgumentException(
          "figure \"%s\": no SVG: %s".formatted(caption, e.getMessage()), e);
    }
  }

  private static void requireAttributes(XMLStreamReader xml, String element, String caption) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      String name = xml.getAttributeLocalName(i);
      if (!ATTRIBUTES.contains(name) || xml.getAttributePrefix(i).length() > 0) {
        throw new IllegalArgumentException(
            "figure \"%s\": a picture may not have %s on <%s>".formatted(caption, name, element));
      }
      requirePlain(xml.getAttributeValue(i), name, caption);
    }
  }

  /** No style names an address. */
  private static void requirePlain(String value, String where, String caption) {
    if (value.contains("url(") || value.contains("@import") || value.contains("\\")) {
      throw new IllegalArgumentException(
          "figure \"%s\": %s may not lead elsewhere".formatted(caption, where));
    }
  }
}
