package dev.galen.examples.clinical.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Elements of an XML file one after another. Nothing outside of the file is read: no document type,
 * no entity but XML's own five.
 */
final class XmlReader implements AutoCloseable {
  private static final XMLInputFactory FACTORY = factory();
  private static final int DEPTH = 200;

  /** A byte that is no text becomes a character that is none of XML, so that its line is known. */
  private static final Pattern ENCODING =
      Pattern.compile("^\\s*<\\?xml[^>]*?encoding\\s*=\\s*[\"']([\\w.:-]+)[\"']");

  private final SourceFile file;
  private final TextReader in;
  private final XMLStreamReader xml;
  private long line;

  private static XMLInputFactory factory() {
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setXMLResolver((publicId, systemId, base, namespace) -> InputStream.nullInputStream());
    return factory;
  }

  /** What is no XML from here on. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;
    private final long line;

    MalformedException(long line, String problem) {
      super(problem);
      this.line = line;
    }

    /** Where, from 1. */
    long line() {
      return line;
    }
  }

  XmlReader(SourceFile file) throws IOException, MalformedException {
    this.file = file;
    this.in = file.text(charset(file));
    try {
      synchronized (FACTORY) {
        xml = FACTORY.createXMLStreamReader(in);
      }
    } catch (XMLStreamException e) {
      in.close();
      throw malformed(e);
    }
  }

  private static Charset charset(SourceFile file) throws MalformedException {
    Matcher declared = ENCODING.matcher(file.headText());
    if (!declared.find()) {
      return StandardCharsets.UTF_8;
    }
    try {
      return Charset.forName(declared.group(1));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(1, "the XML names an encoding that is not known");
    }
  }

  /** The next element of one of these names, at any depth; null at the end of the file. */
  XmlElement next(Set<String> names) throws IOException, MalformedException {
    try {
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT && names.contains(xml.getLocalName())) {
          line = xml.getLocation().getLineNumber();
          return element(0);
        }
      }
      return null;
    } catch (XMLStreamException e) {
      throw malformed(e);
    }
  }

  /** The line on which the last element that {@link #next} gave begins. */
  long line() {
    return line;
  }

  private XmlElement element(int depth) throws XMLStreamException, MalformedException {
    if (depth > DEPTH) {
      throw new MalformedException(line, "elements nested deeper than " + DEPTH);
    }
    var element = new XmlElement(xml.getLocalName());
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      element.put(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
    }
    while (true) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> element.add(element(depth + 1));
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
            element.add(xml.getText());
        case XMLStreamConstants.ENTITY_REFERENCE ->
            throw new MalformedException(
                xml.getLocation().getLineNumber(), "an entity that is none of XML's own five");
        case XMLStreamConstants.END_ELEMENT -> {
          return element;
        }
        default -> {}
      }
    }
  }

  private MalformedException malformed(XMLStreamException e) throws IOException {
    if (e.getNestedException() instanceof IOException fault
        && !(fault instanceof java.io.CharConversionException)) {
      throw file.origin(0).error(String.valueOf(fault.getMessage()));
    }
    var place = e.getLocation();
    long at = place == null ? 0 : Math.max(0, place.getLineNumber());
    return new MalformedException(at, "malformed XML; the rest of the file is not read");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
