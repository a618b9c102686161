package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What ptxas said of the kernels when nvcc built them: nothing hot keeps registers in memory. */
class PtxasReportTest {
  private static final Path REPORT = Path.of("target", "ptxas.txt");

  private static final Set<String> TARGETS =
      Set.of("sm_80", "sm_86", "sm_89", "sm_90a", "sm_100", "sm_120");

  /**
   * Attention, norms and cross-entropy, which are most of a training step beside the products, and
   * draws, where one block has a row; the products of packed weights are most of a generated token.
   */
  private static final Pattern HOT =
      Pattern.compile(
          "attention.*|layerNorm.*|rmsNorm.*|residualLayerNorm.*|crossEntropy.*|sample.*"
              + "|weightsLinear.*");

  private static final Pattern KERNEL =
      Pattern.compile(
          "Compiling entry function '(\\w+)' for '(\\w+)'\\R[^\\n]*\\R"
              + "\\s*\\d+ bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");

  @Test
  void noHotKernelSpillsOnAnyTarget() throws IOException {
    assumeTrue(
        Files.exists(REPORT),
        "skipped: there is no "
            + REPORT
            + "; nvcc was not there, failed, or was not asked, when Galen was built");
    String report = Files.readString(REPORT);
    var targets = new TreeSet<String>();
    var spilling = new ArrayList<String>();
    List<MatchResult> hot =
        KERNEL
            .matcher(report)
            .results()
            .filter(kernel -> HOT.matcher(kernel.group(1)).matches())
            .toList();
    for (MatchResult kernel : hot) {
      targets.add(kernel.group(2));
      if (!kernel.group(3).equals("0") || !kernel.group(4).equals("0")) {
        spilling.add(kernel.group(1) + " on " + kernel.group(2));
      }
    }
    Set<String> unknown = unknown(report);
    var expected = new TreeSet<>(TARGETS);
    expected.removeAll(unknown);
    assertEquals(expected, targets);
    for (String family :
        List.of(
            "attention_d64_bf16",
            "layerNormBackward_f32",
            "crossEntropy_f32",
            "weightsLinear8_int8")) {
      assertTrue(
          hot.stream().anyMatch(kernel -> kernel.group(1).equals(family)),
          family + " is not in the report");
    }
    assertEquals(List.of(), spilling);
    assumeTrue(unknown.isEmpty(), "skipped: the nvcc that built Galen does not know " + unknown);
  }

  /** Targets that are not in nvcc's own list, which is the first line, and has sm_90 for sm_90a. */
  private static Set<String> unknown(String report) {
    var unknown = new TreeSet<String>();
    String first = report.lines().findFirst().orElse("");
    if (first.matches("nvcc compiles for .*sm_.*")) {
      var known = List.of(first.split(" "));
      TARGETS.stream()
          .filter(target -> !known.contains(target.equals("sm_90a") ? "sm_90" : target))
          .forEach(unknown::add);
    }
    return unknown;
  }
}
