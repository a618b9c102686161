package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.document.Document;
import dev.galen.train.data.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small data of our own invention, from which a tiny model learns in a second. */
final class Cases {
  private Cases() {}

  static Document document(String text, String... fields) {
    var map = new LinkedHashMap<String, String>();
    for (int i = 0; i < fields.length; i += 2) {
      map.put(fields[i], fields[i + 1]);
    }
    return new Document("d" + text.hashCode(), text, map, Origin.MEMORY);
  }

  static TaskDocuments of(List<Document> documents) {
    return new TaskDocuments(documents, 0);
  }

  /** Texts of three sections that a word each tells apart. */
  static TaskDocuments sections(int count, int from) {
    Map<String, String> words =
        Map.of("ALLERGY", "rash from", "PLAN", "return in", "EXAM", "lungs clear at");
    var documents = new ArrayList<Document>();
    List<String> names = words.keySet().stream().sorted().toList();
    for (int i = 0; i < count; i++) {
      String name = names.get(i % names.size());
      documents.add(
          document("Note %d: %s %d.".formatted(from + i, words.get(name), i), "label", name));
    }
    return of(documents);
  }

  /** Dialogues whose note is of the sentence that shares its words with others. */
  static TaskDocuments dialogues(int count, int from) {
    var documents = new ArrayList<Document>();
    for (int i = 0; i < count; i++) {
      String said = "I have had a cough for %d days.".formatted(from + i);
      documents.add(
          document(
              "Cough for %d days.".formatted(from + i),
              "dialogue",
              "Doctor: Hello. Have you had a cough?\nPatient: %s\nDoctor: For how many days?"
                  .formatted(said),
              "label",
              "CC"));
    }
    return of(documents);
  }

  /** Questions about drugs. */
  static TaskDocuments questions(int count) {
    var documents = new ArrayList<Document>();
    for (int i = 0; i < count; i++) {
      String focus = "Drug" + i / 2;
      documents.add(
          document(
              "%s lowers value %d.".formatted(focus, i),
              "question",
              "What does %s do in case %d?".formatted(focus, i),
              "focus",
              focus));
    }
    return of(documents);
  }

  static Document choice(String question, String right, String... options) {
    var fields = new ArrayList<String>();
    for (int i = 0; i < options.length; i++) {
      fields.addAll(List.of("option_" + (char) ('A' + i), options[i]));
    }
    fields.addAll(List.of("label", right));
    return document(question, fields.toArray(String[]::new));
  }

  static TaskSettings settings(Path out, String model, List<String> said) {
    return new TaskSettings(out, model, 1, 7, "cpu", "./galen clinical x", List.of(), said::add);
  }
}
