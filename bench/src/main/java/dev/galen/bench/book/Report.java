package dev.galen.bench.book;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run measured, for people and for programs.
 *
 * @param machine that made the figures
 * @param calibration its limits
 * @param rows in order, the calibration's not among them
 */
record Report(Machine machine, Calibration calibration, List<Measured> rows) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final MathContext DIGITS = new MathContext(4);

  /** Every row, one line for each peer beside it, or one alone. */
  static List<ObjectNode> lines(Measured row) {
    if (row.beside().isEmpty()) {
      return List.of(line(row));
    }
    var lines = new ArrayList<ObjectNode>();
    for (Measured.Beside other : row.beside()) {
      ObjectNode line = line(row);
      line.put("peer", other.peer())
          .put("peerValue", round(other.value()))
          .put("ratio", round(other.ratio()))
          .put("peerSpread", round(other.spread()));
      lines.add(line);
    }
    return lines;
  }

  private static ObjectNode line(Measured row) {
    ObjectNode line = JSON.createObjectNode();
    line.put("name", row.name())
        .put("value", round(row.value()))
        .put("unit", row.unit().symbol())
        .put("spread", round(row.spread()))
        .put("steal", round(row.steal()))
        .put("noisy", row.isNoisy());
    return line;
  }

  private static BigDecimal round(double value) {
    return new BigDecimal(value, DIGITS);
  }

  /** A table for people, with the machine above it. */
  String markdown() {
    var text = new StringBuilder(machine + ".\n\n");
    text.append("| row | Galen | unit | beside | its figure | ratio | spread | limit |\n");
    text.append("|---|---:|---|---|---:|---:|---:|---|\n");
    for (Measured row : all()) {
      String spread = row.seconds() == 0 ? "" : percent(row.spread());
      String noise = row.isNoisy() ? " noisy" : "";
      if (row.beside().isEmpty()) {
        add(text, row.name(), row, "", "", "", spread + noise, limit(row));
      }
      String name = row.name();
      for (Measured.Beside other : row.beside()) {
        add(
            text,
            name,
            row,
            other.peer(),
            number(other.value()),
            String.format(Locale.ROOT, "%.2f", other.ratio()),
            spread + " / " + percent(other.spread()) + noise,
            limit(row));
      }
    }
    return text.toString();
  }

  private static void add(
      StringBuilder text,
      String name,
      Measured row,
      String peer,
      String figure,
      String ratio,
      String spread,
      String limit) {
    text.append(
        "| %s | %s | %s | %s | %s | %s | %s | %s |\n"
            .formatted(
                name,
                number(row.value()),
                row.unit().symbol(),
                peer,
                figure,
                ratio,
                spread,
                limit));
  }

  /** How near the row comes to the roof above it: arithmetic or memory, whichever is lower. */
  private String limit(Measured row) {
    if (row.flopsPerSecond() == 0) {
      return "";
    }
    boolean byMemory = calibration.dramRead() * row.cost().intensity() < calibration.fmaPeak();
    return byMemory
        ? String.format(
            Locale.ROOT,
            "%.1f GB/s, %s of memory",
            row.bytesPerSecond() / 1e9,
            percent(row.bytesPerSecond() / calibration.dramRead()))
        : String.format(
            Locale.ROOT,
            "%.0f GFLOP/s, %s of peak",
            row.flopsPerSecond() / 1e9,
            percent(row.flopsPerSecond() / calibration.fmaPeak()));
  }

  private static String percent(double part) {
    return String.format(Locale.ROOT, "%.0f%%", 100 * part);
  }

  private static String number(double value) {
    return round(value).toPlainString();
  }

  private List<Measured> all() {
    var all = new ArrayList<>(calibration.rows());
    all.addAll(rows);
    return all;
  }

  /** Writes {@code table.md}, {@code results.jsonl} and {@code roofline.svg}. */
  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("table.md"), markdown());
    Files.writeString(directory.resolve("roofline.svg"), Roofline.svg(calibration, rows));
    var text = new StringBuilder();
    for (Measured row : all()) {
      for (ObjectNode line : lines(row)) {
        machine.describe(line);
        text.append(line).append('\n');
      }
    }
    Files.writeString(directory.resolve("results.jsonl"), text);
  }
}
