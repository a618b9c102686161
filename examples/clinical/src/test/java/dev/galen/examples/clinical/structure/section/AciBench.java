package dev.galen.examples.clinical.structure.section;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The notes of ACI-Bench's files of comma-separated values. */
final class AciBench {
  private AciBench() {}

  static List<String> notes(Path folder) throws IOException {
    List<String> notes = new ArrayList<>();
    for (String name : List.of("train.csv", "valid.csv")) {
      List<List<String>> rows = rows(Files.readString(folder.resolve(name)));
      int column = rows.getFirst().indexOf("note");
      for (List<String> row : rows.subList(1, rows.size())) {
        notes.add(row.get(column).replace("\r\n", "\n"));
      }
    }
    return notes;
  }

  private static List<List<String>> rows(String csv) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    var field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (c == '"' && quoted && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
        field.append(csv.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted || c == '\n' && !quoted) {
        row.add(field.toString());
        field.setLength(0);
        if (c == '\n') {
          rows.add(row);
          row = new ArrayList<>();
        }
      } else if (c != '\r' || quoted) {
        field.append(c);
      }
    }
    return rows;
  }
}
