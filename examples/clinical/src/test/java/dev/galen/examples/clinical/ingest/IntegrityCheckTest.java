package dev.galen.examples.clinical.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Document;
import dev.galen.train.data.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntegrityCheckTest {
  private static final String GOOD =
      "BP 140/90, SpO2 ≥ 94% on RA; CrCl <30 mL/min/1.73 m². β-blocker 25 µg b.i.d. T 38.5 °C (±0.2).";

  private static String reason(String text, String... fields) {
    var map = new java.util.HashMap<String, String>();
    for (int i = 0; i < fields.length; i += 2) {
      map.put(fields[i], fields[i + 1]);
    }
    return IntegrityCheck.reason(new Document("x", text, map, Origin.MEMORY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        GOOD,
        "98.6 80 120/80 16",
        GOOD + GOOD + GOOD + GOOD,
        "患者は発熱と咳を訴えている。",
        "Пациент жалуется на боль.",
        "Patient 🙂 émigré, naïve café; Müller, Ångström, señor.",
        "x",
        "HB 13.2 WBC 5.6 PLT 250 NA 140 K 4.1 CL 101 BUN 12 CR 0.9 GLU 98 CA 9.1 HB 13.2 WBC 5.6",
        "----------------------------------------------------------------------------------------"
            + "--------------------------------\nEnd of report."
      })
  void clinicalTextSurvives(String text) {
    assertNull(reason(text));
  }

  @Test
  void whatDidNotSurviveIsNamed() {
    assertEquals("no text", reason(" \n\t\u00a0 "));
    assertEquals(
        "replacement characters: 9.1% of the characters",
        reason("Fi\uFFFDvre haute.".replace(".", "")));
    assertTrue(reason(GOOD + "\u0001\u0002\u0003").startsWith("garbage: "));
    assertTrue(reason("(cid:72)(cid:101)(cid:108)(cid:108)(cid:111)").startsWith("garbage: "));
    assertTrue(reason("\uE001\uE002\uE003 report").startsWith("garbage: "));
    assertTrue(reason("FiÃ¨vre Ã©levÃ©e aprÃ¨s lâ€™opÃ©ration").startsWith("UTF-8 read as"));
    assertTrue(reason("⌂⌐¬½¼¡«»░▒▓│┤╡".repeat(10)).startsWith("symbols: "));
    assertTrue(reason("0123456789 ".repeat(40)).startsWith("digits: "));
  }

  @Test
  void pagesAndConfidenceCount() {
    assertEquals("3 of 4 pages are empty", reason(GOOD, "pages", "4", "pages_empty", "3"));
    assertNull(reason(GOOD, "pages", "4", "pages_empty", "2"));
    assertNull(reason(GOOD, "pages", "many", "pages_empty", "3"));
    assertEquals(
        "words were recognised with a confidence of 32 of 100",
        reason(GOOD, "ocr_confidence", "32"));
    assertNull(reason(GOOD, "ocr_confidence", "91.5"));
  }

  @Test
  void theTextIsNotTold() {
    assertEquals(-1, reason("\uFFFD Oak".repeat(9)).indexOf("Oak"));
  }
}
