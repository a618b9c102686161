package dev.galen.examples.clinical.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.examples.clinical.trust.TinyClassifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrustCommandsTest {
  @TempDir static Path folder;
  private static Path model;

  @BeforeAll
  static void save() throws IOException {
    model = TinyClassifier.save(folder.resolve("model"));
  }

  /** What a command prints, or the message of what it throws. */
  private static String galen(String... args) {
    var out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      var line = new CommandLine(new ClinicalCommand());
      line.setCaseInsensitiveEnumValuesAllowed(true);
      line.setExecutionExceptionHandler(
          (e, command, parsed) -> {
            System.out.println("failed: " + e.getMessage());
            return 2;
          });
      line.setErr(new PrintWriter(System.out, true));
      line.execute(args);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void explainPrintsAWeightForEachToken() throws IOException {
    Path out = folder.resolve("why");
    String said =
        galen(
            "explain",
            "--model",
            model + "",
            "--text",
            "Fever is a sign.",
            "--target",
            "yes",
            "--attention",
            "--out",
            out + "");
    assertTrue(said.contains("Integrated gradients of the logit of the class yes"), said);
    assertTrue(said.contains("complete, as the tolerance is"), said);
    assertTrue(said.endsWith(Disclaimer.TEXT + System.lineSeparator()), said);
    String html = Files.readString(out.resolve("report.html"));
    assertTrue(html.contains("Attention of layer 2"));
    String shapley =
        galen("explain", "--model", model + "", "--text", "Fever", "--method", "shapley");
    assertTrue(shapley.contains("Exact Shapley values"), shapley);
  }

  @Test
  void explainNamesWhatItCannotUse() {
    String target =
        galen("explain", "--model", model + "", "--text", "Fever", "--target", "perhaps");
    assertTrue(target.contains("must be one of the classes no, yes, maybe"), target);
    String empty = galen("explain", "--model", model + "", "--text", "");
    assertTrue(empty.contains("the text has no tokens"), empty);
    String baseline =
        galen("explain", "--model", model + "", "--text", "Fever", "--baseline", "[NONE]");
    assertTrue(baseline.contains("must be zero or a token"), baseline);
  }

  @Test
  void auditAndErrorsReadTables() throws IOException {
    Path data =
        Files.writeString(
            folder.resolve("data.csv"),
            """
            id,text,label,sex
            1,He has fever.,yes,M
            2,She has fever.,no,F
            3,A 70-year-old white woman.,maybe,F
            4,,maybe,F
            """);
    Path out = folder.resolve("audit");
    String said =
        galen(
            "audit",
            "--model",
            model + "",
            "--data",
            data + "",
            "--group",
            "sex",
            "--out",
            out + "");
    assertTrue(said.contains("the model on sex F") || said.contains("model on sex F"), said);
    assertTrue(said.contains("With the gender changed"), said);
    assertTrue(Files.readString(out.resolve("report.html")).contains("sex: M"));
    String missing =
        galen("audit", "--model", model + "", "--data", data + "", "--group", "gender");
    assertTrue(missing.contains("no row has the field gender"), missing);
    Path errors = folder.resolve("errors");
    String wrong =
        galen("errors", "--model", model + "", "--data", data + "", "--out", errors + "");
    assertTrue(wrong.contains("of 3 texts wrong"), wrong);
    Path published = folder.resolve("published.csv");
    Files.writeString(
        published,
        Files.readString(data)
            .replaceFirst("text", "section_text")
            .replaceFirst("label", "section_header"));
    String named =
        galen(
            "errors",
            "--model",
            model + "",
            "--data",
            published + "",
            "--text-field",
            "section_text",
            "--label-field",
            "section_header",
            "--out",
            folder.resolve("named") + "");
    assertTrue(named.contains("of 3 texts wrong"), named);
    String own = galen("errors", "--model", model + "", "--data", data + "", "--out", model + "");
    assertTrue(own.contains("is the folder of a run or model; choose another --out"), own);
    Path bad = Files.writeString(folder.resolve("bad.csv"), "text,label\nfever,sure\n");
    String label = galen("errors", "--model", model + "", "--data", bad + "", "--out", errors + "");
    assertTrue(
        label.contains("bad.csv:2: label is \"sure\", which is none of the model's classes"),
        label);
  }

  @Test
  void cardDoesNotReplaceAReadmeOfAPerson() throws IOException {
    String made = galen("card", "--run", model + "");
    assertTrue(made.contains("wrote "), made);
    assertTrue(galen("card", "--run", model + "").contains("wrote "), "its own it replaces");
    Path other = Files.createDirectories(folder.resolve("own"));
    Files.writeString(other.resolve("README.md"), "mine\n");
    String refused = galen("card", "--run", model + "", "--out", other + "");
    assertTrue(refused.contains("is no card of this command"), refused);
    assertEquals("mine\n", Files.readString(other.resolve("README.md")));
  }

  @Test
  void faithfulListsByRow() throws IOException {
    Path data =
        Files.writeString(
            folder.resolve("pairs.jsonl"),
            """
            {"id": "a", "input": "5 mg of aspirin", "output": "50 mg of aspirin"}
            {"id": "b", "input": "five", "output": "5"}
            not json
            """);
    String said = galen("faithful", "--data", data + "", "--out", folder.resolve("f") + "");
    assertTrue(said.contains("a: number \"50 mg\""), said);
    assertFalse(said.contains("b:"), said);
    assertTrue(said.contains("1 of 2 texts have no number"), said);
  }

  @Test
  void reviewAsksForBothFiles() throws IOException {
    Path file = Files.writeString(folder.resolve("one.csv"), "id,label\n1,yes\n");
    String said = galen("review", "--first", file + "", "--second", file + "", "--gold", "x.jsonl");
    assertTrue(said.contains("--adjudicated FILE and --gold FILE belong together"), said);
    String same = galen("review", "--first", file + "", "--second", file + "");
    assertTrue(same.contains("kappa is not defined"), same);
  }
}
