package dev.galen.examples.clinical.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnotationFilesTest {
  @TempDir private Path folder;

  private Collected brat(String text, String annotations) throws IOException {
    Path file = Files.writeString(folder.resolve("n1.txt"), text);
    Files.writeString(folder.resolve("n1.ann"), annotations);
    return Collected.of(file);
  }

  @Test
  void bratsLinesBecomeAnnotations() throws IOException {
    String text = "🙂 Aspirin 81 mg for\nleft and right arm pain.";
    Collected all =
        brat(
            text,
            "T1\tDrug 2 9\tAspirin\n"
                + "T2\tStrength 10 15\t81 mg\n"
                + "T3\tSite 20 24;35 38\tleft arm\n"
                + "T4\tReason 39 43\tpain\n"
                + "R1\tStrength-Drug Arg1:T2 Arg2:T1\n"
                + "A1\tNegated T4\n"
                + "M1\tCertainty T4 high\n"
                + "N1\tReference T1 RxNorm:1191\taspirin\n"
                + "#1\tAnnotatorNotes T1\tas needed?\n"
                + "#2\tAnnotatorNotes R1\tof a relation\n"
                + "E1\tReason:T4 Site:T3 Theme2:E2\n"
                + "E2\tDrug:T1\n"
                + "*\tEquiv T1 T2\n");
    Document document = all.only();
    assertEquals("n1", document.id());
    List<Annotation> found = document.annotations();
    assertEquals(
        List.of("Aspirin", "81 mg", "left", "arm", "pain"),
        found.stream().map(one -> one.in(text)).toList());
    assertEquals(
        Map.of(
            "id",
            "T1",
            "norm.RxNorm",
            "1191",
            "note",
            "as needed?",
            "event",
            "E2",
            "equivalent",
            "T1 T2"),
        found.get(0).attributes());
    assertEquals("T1", found.get(1).attributes().get("relation.Strength-Drug"));
    assertEquals(Map.of("id", "T3", "fragment", "1/2"), found.get(2).attributes());
    assertEquals("Site", found.get(3).category());
    assertEquals(
        Map.of(
            "id",
            "T4",
            "Negated",
            "true",
            "Certainty",
            "high",
            "event",
            "E1",
            "event.Site",
            "T3",
            "event.Theme2",
            "E2"),
        found.get(4).attributes());
  }

  @Test
  void bratsFaultsAreToldByLineWithoutTheWords() throws IOException {
    String good = "T1\tDrug 0 7\tAspirin\n";
    for (String[] fault :
        new String[][] {
          {good + "T2\tDrug 8 99\tgiven", "2: a place from 8 to 99 in a text of 14 code points"},
          {
            good + "T2\tDrug 8 13\tother",
            "2: T2 names other words than stand in the text at its place"
          },
          {good + "T1\tDrug 8 13\tgiven", "2: T1 is given twice"},
          {good + "\nX1\tDrug", "3: a line that begins with none of T, E, R, A, M, N, #, *"},
          {good + "A1\tNegated T9", "0: A1 is of T9, which is no annotation of this file"}
        }) {
      assertEquals(List.of(fault[1]), brat("Aspirin given.", fault[0]).rejects);
    }
  }

  private Document i2b2(String name, String xml) throws IOException {
    return Collected.of(Files.writeString(folder.resolve(name), xml)).only();
  }

  @Test
  void tagsOfI2b2BecomeAnnotations() throws IOException {
    Document document =
        i2b2(
            "110-01.xml",
            """
            <?xml version="1.0" encoding="UTF-8" ?>
            <deIdi2b2>
            <TEXT><![CDATA[
            Record date: 2069-04-07

            🙂 Seen by Dr. Oak & co.
            ]]></TEXT>
            <TAGS>
            <DATE id="P0" start="14" end="24" text="2069-04-07" TYPE="DATE" comment="" />
            <NAME id="P1" start="40" end="43" text="Oak" TYPE="DOCTOR" comment="x" />
            </TAGS>
            </deIdi2b2>
            """);
    assertEquals("110-01", document.id());
    assertEquals(
        List.of(
            new Annotation(14, 24, "DATE", Map.of("id", "P0")),
            new Annotation(41, 44, "DOCTOR", Map.of("comment", "x", "group", "NAME", "id", "P1"))),
        document.annotations());
    assertEquals("Oak", document.annotations().getLast().in(document.text()));
    assertTrue(document.text().endsWith("Oak & co.\n"));
  }

  @Test
  void otherYearsOfI2b2AreRead() throws IOException {
    Document cohort =
        i2b2(
            "100.xml",
            "<PatientMatching><TEXT><![CDATA[Smokes.]]></TEXT><TAGS><ADVANCED-CAD met=\"not met\" />"
                + "<ENGLISH met=\"met\" /></TAGS></PatientMatching>");
    assertEquals(Map.of("ADVANCED-CAD", "not met", "ENGLISH", "met"), cohort.fields());
    Document time =
        i2b2(
            "1.xml",
            "<ClinicalNarrativeTemporalAnnotation><TEXT>\nAdmitted 1/2.\n</TEXT><TAGS>"
                + "<EVENT id=\"E0\" start=\"1\" end=\"9\" text=\"Admitted\" modality=\"FACTUAL\""
                + " polarity=\"POS\" type=\"OCCURRENCE\" />"
                + "<TLINK id=\"TL0\" fromID=\"E0\" toID=\"T0\" type=\"OVERLAP\" />"
                + "</TAGS></ClinicalNarrativeTemporalAnnotation>");
    assertEquals("Admitted", time.annotations().getFirst().in(time.text()));
    assertEquals("POS", time.annotations().getFirst().attributes().get("polarity"));
    assertEquals("OVERLAP", time.field("TLINK.type"));
    Collected inline =
        Collected.of(
            Files.writeString(
                folder.resolve("deid.xml"),
                "<ROOT><RECORD ID=\"7\"><TEXT>Mr. <PHI TYPE=\"PATIENT\">Elm</PHI> came.</TEXT></RECORD>"
                    + "<RECORD ID=\"8\"><TEXT>None.</TEXT></RECORD></ROOT>"));
    assertEquals(List.of("7", "8"), inline.ids());
    assertEquals(
        List.of(new Annotation(4, 7, "PATIENT", Map.of("group", "PHI"))),
        inline.documents.getFirst().annotations());
    Collected docs =
        Collected.of(
            Files.writeString(
                folder.resolve("obesity.xml"),
                "<root><docs><doc id=\"1\"><text>One.</text></doc></docs></root>"));
    assertEquals("One.", docs.only().text());
  }

  @Test
  void encodingsOfXmlAreObeyed() throws IOException {
    String xml =
        "<?xml version=\"1.0\" encoding='ISO-8859-1'?>\n<deIdi2b2><TEXT>Fièvre</TEXT></deIdi2b2>";
    Path file = folder.resolve("e.xml");
    Files.write(file, xml.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    assertEquals("Fièvre", Collected.of(file).only().text());
    Files.write(
        file,
        xml.replace("ISO-8859-1", "UTF-8").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    assertEquals(
        List.of("2: malformed XML; the rest of the file is not read"), Collected.of(file).rejects);
    Files.writeString(file, xml.replace("ISO-8859-1", "klingon-1"));
    assertEquals(
        List.of("1: the XML names an encoding that is not known"), Collected.of(file).rejects);
  }

  @Test
  void faultsOfXmlAreTold() throws IOException {
    Collected cut =
        Collected.of(Files.writeString(folder.resolve("c.xml"), "<deIdi2b2>\n<TEXT>One"));
    assertEquals(List.of("2: malformed XML; the rest of the file is not read"), cut.rejects);
    Collected moved =
        Collected.of(
            Files.writeString(
                folder.resolve("m.xml"),
                "<deIdi2b2><TEXT>One Oak.</TEXT><TAGS><NAME start=\"0\" end=\"3\" text=\"Elm\"/></TAGS>"
                    + "</deIdi2b2>"));
    assertEquals(
        List.of("0: the tag NAME from 0 to 3 has other words than stand there"), moved.rejects);
    Path secret = Files.writeString(folder.resolve("secret"), "hidden");
    Collected entity =
        Collected.of(
            Files.writeString(
                folder.resolve("e.xml"),
                "<!DOCTYPE deIdi2b2 [<!ENTITY x SYSTEM \""
                    + secret.toUri()
                    + "\">]>\n"
                    + "<deIdi2b2><TEXT>One &x;</TEXT><TAGS/></deIdi2b2>"));
    assertEquals(1, entity.rejects.size());
    assertEquals(List.of(), entity.documents);
  }
}
