package dev.galen.model.hf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Weights that do not fit are told in one line, with some of what is wrong. */
class LoadReportTest {
  private static final Path SOURCE = Path.of("folder");

  @Test
  void whatFitsPasses() throws IOException {
    new LoadReport(List.of("a"), List.of(), List.of(), List.of())
        .requireAgreement(SOURCE, List.of());
    new LoadReport(List.of("a"), List.of("score.weight"), List.of(), List.of())
        .requireAgreement(SOURCE, List.of("score.weight"));
  }

  @Test
  void eachKindOfFaultIsToldWithThreeOfItsTensors() {
    var report =
        new LoadReport(
            List.of("a"),
            List.of("b", "score.weight", "c", "d"),
            List.of("e", "f", "g", "h", "i"),
            List.of("j is F32[2] in the file"));
    assertEquals(
        "folder: the weights do not fit config.json: j is F32[2] in the file; missing b; missing c;"
            + " missing d; unexpected e; unexpected f; unexpected g; and 2 more",
        assertThrows(
                IOException.class, () -> report.requireAgreement(SOURCE, List.of("score.weight")))
            .getMessage());
  }
}
