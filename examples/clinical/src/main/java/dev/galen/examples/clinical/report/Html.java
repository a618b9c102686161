package dev.galen.examples.clinical.report;

import java.util.Locale;

/** An HTML document that grows; whatever is not its own words is escaped. */
public final class Html {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1f2328;--soft:#57606a;--paper:#ffffff;--line:#d0d7de;
        --band:#f6f8fa;--link:#0550ae;--for:86,180,233;--against:255,140,58}
      @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b1;--paper:#0d1117;
        --line:#3d444d;--band:#161b22;--link:#79b8ff;--for:0,114,178;--against:190,84,0}}
      *{box-sizing:border-box}
      body{margin:0;background:var(--paper);color:var(--ink);
        font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",Arial,sans-serif}
      main,header,footer,nav{max-width:60rem;margin:0 auto;padding:0 1.25rem}
      h1{font-size:1.8rem;line-height:1.25;margin:1.5rem 0 .5rem}
      h2{font-size:1.3rem;margin:2.2rem 0 .5rem;border-bottom:1px solid var(--line)}
      h3{font-size:1.05rem;margin:1.2rem 0 .3rem}
      a{color:var(--link)} a:focus-visible,[tabindex]:focus-visible,summary:focus-visible{
        outline:3px solid var(--link);outline-offset:2px}
      .note{border-left:4px solid var(--link);background:var(--band);padding:.6rem 1rem;margin:1rem 0}
      .wide{overflow-x:auto;margin:1rem 0}
      table{border-collapse:collapse;font-size:.95rem}
      caption,figcaption,.caption{color:var(--soft);text-align:left;padding:.2rem 0;font-size:.95rem}
      th,td{border:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}
      thead th{background:var(--band)} td.n{text-align:right;font-variant-numeric:tabular-nums}
      figure{margin:1rem 0} figure svg{max-width:100%;height:auto}
      pre{background:var(--band);border:1px solid var(--line);padding:.7rem;overflow-x:auto;
        white-space:pre-wrap;overflow-wrap:anywhere;font-size:.9rem}
      .marked{white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.9}
      .for{background:rgba(var(--for),var(--w));border-bottom:2px solid currentColor}
      .against{background:rgba(var(--against),var(--w));border-bottom:2px dashed currentColor}
      .case{border:1px solid var(--line);border-radius:6px;padding:.2rem 1rem;margin:1rem 0}
      .skip{position:absolute;left:-999rem} .skip:focus{left:1rem;top:.5rem;background:var(--paper)}
      @media print{nav,.skip{display:none} details{display:block}}
      """;

  private final StringBuilder out = new StringBuilder();

  /** A document up to its beginning of {@code <body>}. */
  public Html(String title) {
    raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    // Whatever should slip in cannot run and cannot load.
    raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    raw("style-src 'unsafe-inline'\"/>\n");
    raw("<title>").text(title).raw("</title>\n<style>\n").raw(STYLE);
    raw("</style>\n</head>\n<body>\n");
  }

  /** Markup of the program's own. */
  public Html raw(String markup) {
    out.append(markup);
    return this;
  }

  /** Text of whatever origin. */
  public Html text(String text) {
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n' -> out.append('\n');
                case '\t' -> out.append('\t');
                case '\r' -> {}
                default -> out.appendCodePoint(isShown(c) ? c : 0xFFFD);
              }
            });
    return this;
  }

  /** Not what HTML has no place for, nor what turns the direction of the text around it. */
  private static boolean isShown(int c) {
    boolean turns = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
    return c >= 0x20
        && !(c >= 0x7F && c < 0xA0)
        && !(c >= 0xD800 && c < 0xE000)
        && (c & 0xFFFE) != 0xFFFE
        && !turns;
  }

  /** An element with a text. */
  public Html element(String name, String text) {
    return raw("<" + name + ">").text(text).raw("</" + name.split(" ")[0] + ">\n");
  }

  /** The sentence that every output has. */
  public Html disclaimer() {
    return raw("<p class=\"note\" role=\"note\">").text(Disclaimer.TEXT).raw("</p>\n");
  }

  /** A text whose pieces are shaded by their weight: solid below those for it, dashed against. */
  public Html marked(MarkedText text) {
    double largest = text.largest();
    raw("<p class=\"caption\">").text(text.caption()).raw("</p>\n<p class=\"marked\">");
    for (MarkedText.Piece piece : text.pieces()) {
      double share = largest == 0 ? 0 : Math.abs(piece.weight()) / largest;
      if (share < 0.05) {
        text(piece.text());
      } else {
        raw("<span class=\"" + (piece.weight() > 0 ? "for" : "against") + "\" style=\"--w:");
        raw(String.format(Locale.ROOT, "%.2f", 0.75 * share)).raw("\" title=\"");
        raw(String.format(Locale.ROOT, "%+.3g", piece.weight())).raw("\">");
        text(piece.text()).raw("</span>");
      }
    }
    return raw("</p>\n");
  }

  /** The document so far, ended. */
  public String end() {
    return out + "</body>\n</html>\n";
  }
}
