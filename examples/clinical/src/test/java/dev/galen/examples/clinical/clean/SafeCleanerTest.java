package dev.galen.examples.clinical.clean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.train.data.Origin;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeCleanerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "BP 140/90 mmHg, T 38.2 \u00B0C, SpO2 <90%, WBC >12, p<0.05, p < 0.001",
        "10\u2079/L, 5 \u00B1 2 \u00B5g, \u03B2-blocker, m\u00B2, \u00BD tablet, \u2264 3, 4\u20135 cm",
        "No fever; denies pain. Not seen & not heard, R&D, AT&T; a <b and c> d",
        "<finding>mass</finding> at <TIME> <ADDRESS> [**Name**] ___ <5> <-> x<y>z",
        "Dr. Müller saw 5 Å² \u00ABici\u00BB; NA\u00CFVE; \u201Cquoted\u201D \u2014 it\u2019s",
        "HGB\t12.1\t(13-17)\nWBC\t8.2",
        "- one\n  - two\n\nnon-\ntender, follow-\nup",
        "\uD83D\uDE37 \u092B\u093C \u200Dx",
      })
  void whatIsCleanStays(String text) throws RejectedException {
    Cleaned cleaned = SafeCleaner.clean(text);
    assertEquals(text, cleaned.text());
    assertFalse(cleaned.isChanged());
  }

  private static List<Arguments> broken() {
    return List.of(
        arguments("38 \u00C2\u00B0C", "38 \u00B0C"),
        arguments("5 \u00C2\u00B5g \u00C2\u00B1 2", "5 \u00B5g \u00B1 2"),
        arguments("TNF-\u00CE\u00B1, \u00CE\u00B2", "TNF-\u03B1, \u03B2"),
        arguments("\u00E2\u2030\u00A5 3, it\u00E2\u20AC\u2122s", "\u2265 3, it\u2019s"),
        arguments("it\u00E2\u0080\u0099s", "it\u2019s"),
        arguments("\u00E2\u20AC\u0153so\u00E2\u20AC said", "\u201Cso\u201D said"),
        arguments("caf\u00C3\u00A9, 2 \u00C3\u2014 3", "caf\u00E9, 2 \u00D7 3"),
        arguments("38 \u00C3\u201A\u00C2\u00B0C", "38 \u00B0C"),
        arguments("it\u0092s 4\u00965", "it\u2019s 4\u20135"),
        arguments(
            "Sp&lt;90 &amp;amp;lt;5 &#177;3 &#xB5;g &plusmn;", "Sp<90 <5 \u00B13 \u00B5g \u00B1"),
        arguments("a&nbsp;b&nbsp c &bogus; &#xD800; &", "a b c &bogus; &#xD800; &"),
        arguments("<p class=\"a\">One</p><p>Two<br/>three</p>", "One\n\nTwo\nthree"),
        arguments(
            "10<sup>9</sup>/L 37<sup>o</sup>C 4<sup>th</sup> x<sup>a/2</sup>",
            "10\u2079/L 37\u00B0C 4th x^a/2"),
        arguments("SpO<sub>2</sub> log<sub>10</sub>5", "SpO2 log\u2081\u20805"),
        arguments("<style>b{}</style>x<!-- note -->y<script>z<</script>", "xy"),
        arguments("&lt;b&gt;bold&lt;/b&gt;", "bold"),
        arguments("<<b>b>x", "x"),
        arguments("<tr><td>Na</td><td>140</td></tr>", "Na\t140"),
        arguments("e\u0301tat \u212B", "\u00E9tat \u00C5"),
        arguments("hyper\u00ADtension, hyper\u00AD\ntension", "hypertension, hypertension"),
        arguments("the hyperten-\nsion and examina-\n  tion", "the hypertension and examination"),
        arguments("anemia, ane-\nmia", "anemia, anemia"),
        arguments("a\u00A0b\u2009c  d \t e\u3000f", "a b c d\te f"),
        arguments("a  \nb\n \n\n\nc\r\nd\re\u2028f\fg", "a\nb\n\nc\nd\ne\nf\ng"),
        arguments("a\u200Bb\uFEFF\u0007c\u007F", "abc"),
        arguments("\uF0B7 item", "\u2022 item"),
        arguments("x\uD800y", "x\uFFFDy"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void whatExportsBrokeIsMended(String text, String expected) throws RejectedException {
    Cleaned cleaned = SafeCleaner.clean(text);
    assertEquals(expected, cleaned.text());
    assertFalse(SafeCleaner.clean(cleaned.text()).isChanged());
  }

  @Test
  void placesMapBackAndAnnotationsMoveAlong() throws RejectedException {
    String text = "<p>T&nbsp;38 \u00C2\u00B0C,  BP&nbsp;140/90 on&nbsp;5&#181;g</p>";
    int from = text.indexOf("140/90");
    var document =
        new Document(
            "a",
            text,
            Map.of(),
            List.of(
                new Annotation(from, from + 6, "bp"),
                new Annotation(text.indexOf("38"), text.indexOf("C,") + 1, "temperature")),
            Origin.MEMORY);
    Cleaned cleaned = SafeCleaner.clean(text);
    assertEquals("T 38 \u00B0C, BP 140/90 on 5\u00B5g", cleaned.text());
    Document moved = cleaned.applyTo(document);
    assertEquals(
        List.of("140/90", "38 \u00B0C"),
        moved.annotations().stream().map(a -> a.in(moved.text())).toList());
    int place = cleaned.text().indexOf("140/90");
    assertEquals(from, cleaned.oldStart(place));
    assertEquals(from + 6, cleaned.oldEnd(place + 6));
    assertEquals(place, cleaned.newStart(from));
    assertEquals(place + 6, cleaned.newEnd(from + 6));
  }

  @Test
  void cleaningTwiceChangesNothingMoreAndKeepsWhatIsCounted() throws RejectedException {
    var random = new SplittableRandom(11);
    String[] pieces = {
      "a",
      "B",
      "5",
      " ",
      "  ",
      "\n",
      "\r\n",
      "\t",
      "&",
      "amp;",
      "lt;",
      "&lt;",
      "&#38;",
      "#38;",
      "<",
      ">",
      "b>",
      "<b>",
      "</b>",
      "<p>",
      "<sup>",
      "</sup>",
      "-\n",
      "\u00AD",
      "e\u0301",
      "\u0301",
      "\u00C2",
      "\u00B0",
      "\u00C3",
      "\u201A",
      "\u00E2",
      "\u20AC",
      "\u2122",
      "\u200B",
      "\u00A0",
      "\u0085",
      "\uD83D",
      "\uDE37",
      "\u1100",
      "\u1161",
      "140/90",
      "<5",
      "\u00B1",
      "tion",
      "ane",
      "mia",
      "<!--",
      "-->",
      "nbsp;",
      "<script>",
      "</script>",
      "\u212B",
      "=",
      "\""
    };
    for (int i = 0; i < 20_000; i++) {
      var made = new StringBuilder();
      int length = 1 + random.nextInt(14);
      for (int k = 0; k < length; k++) {
        made.append(pieces[random.nextInt(pieces.length)]);
      }
      String text = made.toString();
      Cleaned once = SafeCleaner.clean(text);
      Cleaned twice = SafeCleaner.clean(once.text());
      assertEquals(once.text(), twice.text(), () -> "of " + text.replace("\n", "\\n"));
      for (int at = 0; at <= once.text().length(); at++) {
        int start = once.oldStart(at);
        assertTrue(start >= 0 && start <= once.oldEnd(at) && once.oldEnd(at) <= text.length());
        if (at > 0) {
          assertTrue(once.oldStart(at - 1) <= start);
        }
      }
    }
  }

  @Test
  void nestingWithoutEndIsRejected() {
    assertThrows(
        RejectedException.class,
        () -> SafeCleaner.clean("<".repeat(100) + "<b>" + "b>".repeat(100)));
  }

  @Test
  void largeTextIsCleanedInLinearTime() throws RejectedException {
    long before = System.nanoTime();
    SafeCleaner.clean("<a ".repeat(300_000));
    SafeCleaner.clean("&amp;".repeat(10) + "amp;".repeat(300_000));
    SafeCleaner.clean("<sup>".repeat(200_000));
    SafeCleaner.clean("<!--".repeat(100_000));
    assertTrue(System.nanoTime() - before < 5_000_000_000L);
  }
}
