package dev.galen.examples.clinical.ingest;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.ingest.Pdfs.Canvas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is damaged in a file, it is told in words without the file's text, and nothing else. */
class DamagedFilesTest {
  private static final int CASES = 60;

  /** Stands for what a patient's file says. */
  private static final String SECRET = "Zyxwvut";

  @TempDir private Path folder;

  private static byte[] whole(String name) throws IOException {
    String text = "Mr. " + SECRET + " was seen; BP 140/90 for " + SECRET + ".";
    String base64 = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    String row = "{\"id\": \"7\", \"text\": \"" + text + "\", \"" + SECRET + "\": 1}";
    String whole =
        switch (name) {
          case "a.csv" -> "id,text,note\n1,\"" + text + "\",x\n2,\"" + text + "\",y\n";
          case "a.tsv" -> "id\ttext\n1\t" + text + "\n2\t" + text + "\n";
          case "a.txt", "brat.txt" -> text;
          case "a.json" -> "[" + row + ",\n" + row + "]";
          case "k.json" -> "{\"7\": " + row + ",\n\"8\": " + row + "}";
          case "a.jsonl" -> row + "\n" + row + "\n";
          case "q.json" ->
              "{\"1\": {\"QUESTION\": \""
                  + text
                  + "\", \"CONTEXTS\": [\""
                  + text
                  + "\"], \"LABELS\": [\"A\"], \"final_decision\": \"yes\"}}";
          case "i.xml" ->
              "<deIdi2b2><TEXT><![CDATA["
                  + text
                  + "]]></TEXT><TAGS><NAME id=\"P0\" start=\"4\""
                  + " end=\"11\" text=\""
                  + SECRET
                  + "\" TYPE=\"PATIENT\"/></TAGS></deIdi2b2>";
          case "m.xml" ->
              "<Document id=\"1\"><Focus>x</Focus><QAPairs><QAPair pid=\"1\"><Question qid=\"1\""
                  + " qtype=\"t\">"
                  + text
                  + "</Question><Answer>"
                  + text
                  + "</Answer></QAPair></QAPairs></Document>";
          case "p.xml" ->
              "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><Abstract>"
                  + "<AbstractText Label=\"AIM\">"
                  + text
                  + "</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>";
          case "t.json" ->
              "{\"studies\": [{\"protocolSection\": {\"identificationModule\": {\"nctId\": \"N1\"},"
                  + " \"descriptionModule\": {\"briefSummary\": \""
                  + text
                  + "\"}}}]}";
          case "f.json" ->
              "{\"resourceType\": \"Bundle\", \"entry\": [{\"resource\": {\"resourceType\":"
                  + " \"DocumentReference\", \"id\": \"d\", \"content\": [{\"attachment\": {\"contentType\":"
                  + " \"text/html\", \"data\": \""
                  + base64
                  + "\"}}]}}]}";
          case "a.hl7" ->
              "MSH|^~\\&|A|B|C|D|2024||ORU^R01|M1\rPID|1||4711||"
                  + SECRET
                  + "\rOBR|1||F1|X^Y\r"
                  + "OBX|1|FT|T||"
                  + text
                  + "\\.br\\more\rOBX|2|ED|D||^TEXT^PLAIN^Base64^"
                  + base64
                  + "\r";
          default -> throw new IllegalArgumentException(name);
        };
    return whole.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] bytes(String name) throws IOException {
    if (name.equals("a.pdf")) {
      var document = new PDDocument();
      Pdfs.page(document, new Canvas().text("Mr. " + SECRET, 72, 700).text("was seen", 72, 680));
      return Files.readAllBytes(Pdfs.save(document, folder.resolve("whole.pdf")));
    }
    if (name.endsWith(".gz")) {
      var out = new ByteArrayOutputStream();
      try (var gzip = new GZIPOutputStream(out)) {
        gzip.write(whole(name.substring(0, name.length() - 3)));
      }
      return out.toByteArray();
    }
    return whole(name);
  }

  /** Cuts the end off, or changes, doubles or takes out some bytes. */
  private static byte[] damaged(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole.clone();
    switch (random.nextInt(4)) {
      case 0 -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      case 1 -> {
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      case 2 -> {
        int at = random.nextInt(bytes.length);
        bytes[at] = "\"\\\n\r<>{}[]|,\t\0".getBytes(StandardCharsets.UTF_8)[random.nextInt(14)];
      }
      default -> {
        int from = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - from, 1 + random.nextInt(12));
        var shorter = new ByteArrayOutputStream();
        shorter.write(bytes, 0, from);
        shorter.write(bytes, from + length, bytes.length - from - length);
        return shorter.toByteArray();
      }
    }
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.csv",
        "a.tsv",
        "a.txt",
        "a.json",
        "k.json",
        "a.jsonl",
        "q.json",
        "i.xml",
        "m.xml",
        "p.xml",
        "t.json",
        "f.json",
        "a.hl7",
        "a.pdf",
        "a.csv.gz",
        "a.jsonl.gz",
        "brat.txt"
      })
  void damageIsToldWithoutTheText(String name) throws IOException {
    byte[] whole = bytes(name);
    var random = new SplittableRandom(name.hashCode());
    Path file = folder.resolve(name);
    byte[] annotations =
        ("T1\tNAME 4 11\t" + SECRET + "\nA1\tDoubt T1\n").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < CASES; i++) {
      Files.write(file, name.startsWith("brat") ? whole : damaged(whole, random));
      if (name.startsWith("brat")) {
        Files.write(folder.resolve("brat.ann"), damaged(annotations, random));
      }
      try {
        Collected all = Collected.of(file);
        all.rejects.forEach(one -> assertFalse(one.contains(SECRET), one));
      } catch (IOException e) {
        assertTrue(e.getMessage().startsWith(file + ":"), e.getMessage());
        assertFalse(e.getMessage().contains(SECRET), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
      }
    }
  }
}
