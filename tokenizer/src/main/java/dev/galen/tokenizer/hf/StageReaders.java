package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The components that are known of one stage, by the type that {@code tokenizer.json} calls them. A
 * new one is one more entry; every other type is refused by file and field.
 *
 * @param <T> the stage
 */
final class StageReaders<T> {

  /** Reads a component, or refuses settings that it does not have. */
  @FunctionalInterface
  interface Reader<T> {
    T read(StageJson json) throws IOException;
  }

  /** Joins the components of a {@code Sequence}. */
  @FunctionalInterface
  interface Joiner<T> {
    T join(List<T> parts, StageJson json) throws IOException;
  }

  private static final List<String> PARTS =
      List.of("normalizers", "pretokenizers", "processors", "decoders");

  private final Map<String, Reader<T>> byType = new LinkedHashMap<>();
  private T none;
  private Joiner<T> joiner;

  /** Takes a stage that is null or missing for {@code none}. */
  StageReaders<T> none(T none) {
    this.none = none;
    return this;
  }

  /** Adds a component. */
  StageReaders<T> add(String type, Reader<T> reader) {
    byType.put(type, reader);
    return this;
  }

  /** Takes sequences of none or several components; without this they have one. */
  StageReaders<T> sequences(Joiner<T> joiner) {
    this.joiner = joiner;
    return this;
  }

  /**
   * Reads a stage.
   *
   * @throws IOException if its type is unknown, or its component refuses it
   */
  T read(StageJson json) throws IOException {
    return read(json, json.type());
  }

  /** Reads a stage whose type its object may leave out. */
  T read(StageJson json, String type) throws IOException {
    if (none != null && !json.isSet()) {
      return none;
    }
    if (type.equals("Sequence")) {
      var parts = new ArrayList<JsonNode>();
      PARTS.forEach(name -> json.node().path(name).forEach(parts::add));
      if (parts.size() == 1) {
        return read(json.with(parts.getFirst()));
      }
      if (joiner != null) {
        var read = new ArrayList<T>();
        for (var part : parts) {
          read.add(read(json.with(part)));
        }
        return joiner.join(read, json);
      }
    }
    var reader = byType.get(type);
    if (reader == null) {
      throw json.refused(json.field() + " " + type, supported());
    }
    return reader.read(json);
  }

  /** The known types: {@code "A, B and C are"}. */
  private String supported() {
    var types = byType.isEmpty() ? List.of("none") : List.copyOf(byType.keySet());
    var last = types.getLast();
    return types.size() == 1
        ? last + " is"
        : String.join(", ", types.subList(0, types.size() - 1)) + " and " + last + " are";
  }
}
