package dev.galen.examples.clinical.deid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Edits;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifierFinderTest {
  private static String tagged(String text) {
    var edits = new Edits(text);
    for (Identifier one : IdentifierFinder.find(text)) {
      edits.replace(one.start(), one.end(), one.category().tag());
    }
    return edits.result();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Mr. Grant was seen by Dr. May in clinic.|[NAME] was seen by [NAME] in clinic.",
        "Seen on 12/03/2021 for cough.|Seen on [DATE] for cough.",
        "Seen on 3-Dec-21, again on 2021-12-05.|Seen on [DATE], again on [DATE].",
        "Since December 3rd, and the 3rd of December, 2020.|Since [DATE], and the [DATE].",
        "A 94-year-old woman, a 61-year-old man.|A [AGE]-year-old woman, a 61-year-old man.",
        "MRN: 4482917, SSN 123-45-6789.|MRN: [MRN], SSN [SSN].",
        "Call (555) 214-3345 or fax: 555-214-3346.|Call [PHONE] or fax: [FAX].",
        "Write to m.lund@mail.example.org now.|Write to [EMAIL] now.",
        "See https://portal.example.org/x?id=4, 10.20.30.40.|See [URL], [IP].",
        "Member ID: XKD884201, account no. 99120034.|Member ID: [HEALTH_PLAN], account no. [ACCOUNT].",
        "Pacemaker serial number PM-88213-A.|Pacemaker serial number [DEVICE].",
        "VIN 1HGCM82633A004352.|VIN [VEHICLE].",
        "Her husband Mark called.|Her husband [NAME] called.",
        "Lives at 12 Old Mill Road, Boston, MA 02139.|Lives at [LOCATION] [ZIP].",
        "Transferred from St. Mary's Hospital.|Transferred from [ORGANIZATION].",
        "Medical license: A1182736.|Medical license: [LICENSE].",
        "Smith, J. called; GRANT, MARY M. came.|[NAME] called; [NAME] came.",
        "Case number A98-56160.|Case number [ID].",
        "Photo face_0412.jpg was taken.|Photo [PHOTO] was taken.",
        "On pager 55-1234, job # 445566.|On pager [PHONE], job # [ID].",
        "License plate CA 7ABC123; plate no. KL-AB 1234.|License plate [VEHICLE]; plate no. [VEHICLE].",
        "UDI (01)00844588003288(17)141120(10)76B.|UDI [DEVICE].",
        "Group 0012345, HIC # 123-45-6789-A.|Group [HEALTH_PLAN], HIC # [HEALTH_PLAN].",
        "Lives at 44 W. 5th Ave today.|Lives at [LOCATION] today.",
        "Sent 20210314T1022, seen Thursday, 4/1.|Sent [DATE]T1022, seen Thursday, [DATE].",
        "Mother died at ninety-one, father lived to 97.|Mother died at [AGE], father lived to [AGE].",
        "Attending: A. Ramaswamy, M.D.|Attending: [NAME], M.D.",
        "Seen 14.3.21 in clinic, last visit Q1 2021.|Seen [DATE] in clinic, last visit [DATE].",
        "Back in the third quarter of 2020.|Back in the [DATE].",
        "Visits on March 3 and 5 were missed.|Visits on [DATE] and [DATE] were missed.",
        "Due April 2, 9 and 16, at noon.|Due [DATE], [DATE] and [DATE], at noon.",
        "JANE DOE was seen today.|[NAME] was seen today.",
        "Printed at ward3.host.local by him.|Printed at [URL] by him.",
        "She lives at 88-12 Jamaica Ave in town.|She lives at [LOCATION] in town.",
        "From ::ffff:192.0.2.9 and 64:ff9b::192.0.2.33.|From [IP] and [IP].",
        "PCP: Hargreaves-Quill, Ottoline, fax (802) 555-0117.|PCP: [NAME], fax [FAX].",
        "T. Abernathy declined.|[NAME] declined.",
        "Per family per Tamsin, no fever.|Per family per [NAME], no fever.",
        "I spoke with Saoirse this morning.|I spoke with [NAME] this morning.",
        "Will Faith was told to wait.|[NAME] was told to wait.",
        "Summer (his daughter) came.|[NAME] (his daughter) came.",
        "Pt Sunny Field was late.|Pt [NAME] was late.",
        "Her aunt, 97, and her mother (98) are well.|Her aunt, [AGE], and her mother ([AGE]) are well.",
        "Dose given 7.2.20 per chart, again 8.3.20.|Dose given [DATE] per chart, again [DATE].",
        "Well since Labor Day; ill starting Labor Day.|Well since [DATE]; ill starting [DATE].",
        "Job 8841207, last four 4471.|Job [ID], last four [SSN].",
        "Vehicle tag KZT 4471.|Vehicle tag [VEHICLE].",
        "Fingerprint template FP-20934-B.|Fingerprint template [BIOMETRIC].",
        "Born in Szombathely, lives in Lower Tidmarsh.|Born in [LOCATION], lives in [LOCATION].",
        "Seen by Fenella Mukherjee-Stowe.|Seen by [NAME].",
        "Call ext. 5512 or x5-5512.|Call [PHONE] or [PHONE].",
        "Mr. Smith fracture of the wrist.|[NAME] fracture of the wrist.",
        "On March 3 and 5 mg later.|On [DATE] and 5 mg later.",
      })
  void findsIdentifiers(String text, String expected) {
    assertEquals(expected, tagged(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BP 140/90, HR 72, 5/5 strength, L4-5 disc, 3/6 murmur.",
        "Parkinson's disease, Graves' disease and Bell's palsy.",
        "A Foley catheter was placed. Babinski sign negative.",
        "Will follow up in two weeks. May repeat the dose.",
        "Started Lipitor 40 mg and Zyprexa 5 mg at night.",
        "Codes I10, E11.9 and Z79.4; sodium 138, glucose 104 mg/dL.",
        "The rose bengal stain was positive; grant support is noted.",
        "Pain 7/10 today, Glasgow Coma Scale 15.",
        "Metformin 500 mg b.i.d., vitamin B12 1000 mcg.",
        "Founded in 1998, he was well until 2012.",
        "WBC 12.4  Hgb 10.2  Hct 31.0  Plt 245  Na 138  K 4.1  Cl 102  CO2 24  BUN 18  Cr 1.0",
        "Neutrophils 80 Lymphs 10 Monos 5 Eos 3 Baso 2, WBC 7 Hgb 13 Hct 40 Plt 250",
        "sodium 138 potassium 4 chloride 102 bicarb 24",
        "A Mallory-Weiss tear; Rocky Mountain spotted fever; St. Louis encephalitis; Rift Valley fever.",
        "Los Angeles grade B esophagitis, Boston Naming Test, Milwaukee brace, Philadelphia chromosome.",
        "Hong Kong flu, California encephalitis, Bethesda III nodule, Rome IV; a Smith fracture.",
        "O2 sat 94% on 2L NC. EF 35 on echo.",
        "Version 1.2.21 of the software; section 3.4.12.",
        "Glucose: 105 mg/dL (70-99) H, Hgb 13 g/dL 12-16.",
        "Exercises x3 days, ext 2+ edema, x1000 mg, x-ray, Ext: 5/5.",
        "Per Cardiology, no heparin. Told patient. Spoke with Radiology and Orthopedics.",
        "Will Continue Lasix. May Improve slowly. Pt Denies Pain; Patient Care Plan reviewed.",
        "Father, 61, and mother, 58; last 4 weeks; skin tag 4 mm; std::vector, a::b.",
        "Homer Wright rosettes; Fontaine III; Forrest Ib ulcer; Salem sump; Ross River fever.",
        "Salmonella, Klebsiella and Prevotella grew; treated by Western blot.",
        "See 3.4.20 and 7.1.12 of the manual; the job took 5 hours.",
        "Staged as T2N0M0, later pT3N1M0; factor V Leiden; Kerley B lines; Unit 2 of PRBC.",
      })
  void leavesClinicalText(String text) {
    assertEquals(text, tagged(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\r\n\r\n",
        "😀",
        "患者は元気です。",
        "Пациент жалуется на боль",
        "\u0000\uD800",
        "()[]{}\\"
      })
  void takesAnyText(String text) {
    assertTrue(IdentifierFinder.find(text).size() <= 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "1 ",
        "(",
        "@",
        "A-",
        "Ann, ",
        "12 Elm Street ",
        "\n1 Elm St",
        "12-",
        "1.",
        "Dr. ",
        "www.",
        "?",
        "é",
        "Lee and ",
        "555-",
        "May ",
        "of ",
        "x@y.",
        "A, ",
        "O'",
        "12:",
        "\"",
        "2021-12-03",
        "\uD83D\uDE00",
        "Smith Hospital of ",
        "Mallory-Weiss ",
        "Rocky Mountain spotted fever, ",
        "::f:",
        "Will (",
        "March 3, ",
        "A-A, ",
        "aunt, ",
        "MRN "
      })
  void theTimeIsProportionalToTheLength(String unit) {
    String text = unit.repeat(100_000 / unit.length());
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> IdentifierFinder.find(text));
  }

  @Test
  void looksAtEveryCharacterOfALongText() {
    var text = new StringBuilder();
    int names = 0;
    while (text.length() < 1_000_000) {
      text.append("The wound is clean and dry. Seen by Dr. Okafor on 12/03/2021.\r\n");
      names++;
    }
    var found = IdentifierFinder.find(text.toString());
    assertEquals(2 * names, found.size());
    assertTrue(found.getLast().end() > text.length() - 5);
  }
}
