package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.clean.Scripts;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** The text of HTML as a reader sees it: blocks and table rows are lines, cells are apart. */
final class HtmlText {
  private static final Set<String> CELLS = Set.of("td", "th");
  private static final Set<String> UNSEEN = Set.of("script", "style", "head", "template");

  private HtmlText() {}

  static String of(String html) {
    var text = new StringBuilder();
    Jsoup.parse(html)
        .body()
        .traverse(
            new NodeVisitor() {
              private int unseen;
              private int verbatim;

              @Override
              public void head(Node node, int depth) {
                if (node instanceof TextNode words && unseen == 0) {
                  append(words.getWholeText());
                } else if (node instanceof Element element) {
                  String name = element.normalName();
                  if (unseen == 0 && isScript(element)) {
                    script(element);
                  }
                  unseen += UNSEEN.contains(name) || isScript(element) ? 1 : 0;
                  verbatim += name.equals("pre") ? 1 : 0;
                  if (name.equals("br")) {
                    text.append('\n');
                  } else if (CELLS.contains(name)) {
                    space();
                  } else if (element.isBlock()) {
                    line();
                  }
                }
              }

              @Override
              public void tail(Node node, int depth) {
                if (node instanceof Element element) {
                  String name = element.normalName();
                  unseen -= UNSEEN.contains(name) || isScript(element) ? 1 : 0;
                  verbatim -= name.equals("pre") ? 1 : 0;
                  if (element.isBlock() && !CELLS.contains(name)) {
                    line();
                  }
                }
              }

              private boolean isScript(Element element) {
                boolean named =
                    element.normalName().equals("sup") || element.normalName().equals("sub");
                return named && element.text().length() <= Scripts.LONGEST;
              }

              /** Raises or lowers what the element holds, as far as a plain text can. */
              private void script(Element element) {
                String words = element.text().strip();
                boolean isNext = element.nextSibling() instanceof TextNode;
                String next = isNext ? ((TextNode) element.nextSibling()).getWholeText() : "";
                char before = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
                char after = next.isEmpty() ? ' ' : next.charAt(0);
                append(
                    element.normalName().equals("sup")
                        ? Scripts.raised(words, before, after)
                        : Scripts.lowered(words, before, after));
              }

              private void append(String words) {
                if (verbatim > 0) {
                  text.append(words);
                  return;
                }
                for (int i = 0; i < words.length(); i++) {
                  char c = words.charAt(i);
                  if (Character.isWhitespace(c) || c == '\u00a0') {
                    space();
                  } else {
                    text.append(c);
                  }
                }
              }

              private void space() {
                if (!text.isEmpty() && !Character.isWhitespace(text.charAt(text.length() - 1))) {
                  text.append(' ');
                }
              }

              private void line() {
                int end = text.length();
                while (end > 0 && text.charAt(end - 1) == ' ') {
                  end--;
                }
                text.setLength(end);
                if (end > 0 && text.charAt(end - 1) != '\n') {
                  text.append('\n');
                }
              }
            });
    return text.toString().strip();
  }
}
