package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.clean.Scripts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An element of XML with what is in it, in its order. Names are those without a prefix. */
final class XmlElement {
  private final String name;
  private final Map<String, String> attributes = new HashMap<>();

  /** Strings and elements. */
  private final List<Object> content = new ArrayList<>();

  XmlElement(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void put(String attribute, String value) {
    attributes.put(attribute, value);
  }

  void add(Object part) {
    content.add(part);
  }

  /** What is in it, strings and elements. */
  List<Object> content() {
    return content;
  }

  /** An attribute, or null. */
  String attribute(String name) {
    return attributes.get(name);
  }

  Map<String, String> attributes() {
    return attributes;
  }

  /** The elements right in it. */
  List<XmlElement> children() {
    var children = new ArrayList<XmlElement>();
    for (Object part : content) {
      if (part instanceof XmlElement element) {
        children.add(element);
      }
    }
    return children;
  }

  /** The elements of a name right in it. */
  List<XmlElement> children(String name) {
    var children = children();
    children.removeIf(child -> !child.name.equals(name));
    return children;
  }

  /** The first element on a path of names; an empty one where there is none. */
  XmlElement at(String... path) {
    XmlElement here = this;
    for (String name : path) {
      var next = here.children(name);
      if (next.isEmpty()) {
        return new XmlElement(name);
      }
      here = next.getFirst();
    }
    return here;
  }

  /** All text in it, whatever the elements around; raised and lowered signs stay such. */
  String text() {
    var text = new StringBuilder();
    append(text);
    return text.toString();
  }

  private void append(StringBuilder text) {
    for (int i = 0; i < content.size(); i++) {
      if (content.get(i) instanceof XmlElement element) {
        boolean isLast = i + 1 == content.size();
        element.appendTo(text, !isLast && content.get(i + 1) instanceof String next ? next : "");
      } else {
        text.append(content.get(i));
      }
    }
  }

  private void appendTo(StringBuilder text, String next) {
    boolean isRaised = name.equals("sup");
    String words = isRaised || name.equals("sub") ? text().strip() : "";
    if (words.isEmpty() || words.length() > Scripts.LONGEST) {
      append(text);
      return;
    }
    char before = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
    char after = next.isEmpty() ? ' ' : next.charAt(0);
    text.append(
        isRaised ? Scripts.raised(words, before, after) : Scripts.lowered(words, before, after));
  }

  /** The same with white space joined, as XML for machines is indented at will. */
  String line() {
    return text().strip().replaceAll("\\s+", " ");
  }
}
