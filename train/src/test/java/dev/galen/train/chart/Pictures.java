package dev.galen.train.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.regex.Pattern;

/** What holds of every picture, and ways to look into one. */
final class Pictures {
  private static final Pattern TAG = Pattern.compile("<(/?)([a-z]+)((?: [^<>]*)?)>|<");
  private static final Pattern SIZE = Pattern.compile("viewBox='0 0 (\\d+) (\\d+)'");
  private static final Pattern PLACE = Pattern.compile(" (x|cx|x1|x2|y|cy|y1|y2)='([^']*)'");
  private static final Pattern PAIRS = Pattern.compile("points='([^']*)'");

  private Pictures() {}

  /** A document whose elements are closed, all of it inside of its frame; returns it. */
  static String valid(String svg) {
    assertTrue(svg.startsWith("<svg xmlns='http://www.w3.org/2000/svg'"), svg);
    assertTrue(svg.endsWith("</svg>\n"), svg);
    assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
    assertFalse(Pattern.compile("&(?!(lt|gt|amp);)").matcher(svg).find(), svg);
    var open = new ArrayDeque<String>();
    for (var tag : TAG.matcher(svg).results().toList()) {
      assertTrue(tag.group(2) != null, () -> "a < that begins no element: " + svg);
      if (tag.group(1).equals("/")) {
        assertEquals(open.pop(), tag.group(2));
      } else if (!tag.group(3).endsWith("/")) {
        open.push(tag.group(2));
      }
    }
    assertTrue(open.isEmpty(), svg);
    var size = SIZE.matcher(svg).results().findFirst().orElseThrow();
    double width = Double.parseDouble(size.group(1));
    double height = Double.parseDouble(size.group(2));
    for (var place : PLACE.matcher(svg).results().toList()) {
      double largest = place.group(1).contains("x") ? width : height;
      double at = Double.parseDouble(place.group(2));
      assertTrue(at >= 0 && at <= largest, () -> place.group() + " outside of " + size.group());
    }
    for (double[][] line : lines(svg)) {
      for (double[] point : line) {
        assertTrue(point[0] >= 0 && point[0] <= width && point[1] >= 0 && point[1] <= height, svg);
      }
    }
    return svg;
  }

  /** The lines that are drawn, legend and all: pairs of x and y. */
  static List<double[][]> lines(String svg) {
    return PAIRS
        .matcher(svg)
        .results()
        .map(
            line ->
                Pattern.compile(" ")
                    .splitAsStream(line.group(1))
                    .map(
                        pair ->
                            new double[] {
                              Double.parseDouble(pair.split(",")[0]),
                              Double.parseDouble(pair.split(",")[1])
                            })
                    .toArray(double[][]::new))
        .toList();
  }

  /** The texts, in order. */
  static List<String> texts(String svg) {
    return Pattern.compile("<text[^>]*>([^<]*)</text>")
        .matcher(svg)
        .results()
        .map(text -> text.group(1))
        .toList();
  }

  static long count(String svg, String what) {
    return Pattern.compile(what, Pattern.LITERAL).matcher(svg).results().count();
  }
}
