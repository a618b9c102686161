package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The components that are known of one stage, by the type that {@code tokenizer.json} calls them. A
 * new one is one more entry; every other type is refused by file and field.
 *
 * @param <T> the stage
 */
final class StageReaders<T> {

  /** Reads a component of a type that is known, or refuses settings that it does not have. */
  @FunctionalInterface
  interface Reader<T> {
    T read(String type, StageJson json) throws IOException;
  }

  /** Joins the components of a {@code Sequence}. */
  @FunctionalInterface
  interface Joiner<T> {
    T join(List<T> parts, StageJson json) throws IOException;
  }

  private static final List<String> PARTS =
      List.of("normalizers", "pretokenizers", "processors", "decoders");

  private final List<String> types;
  private final Reader<T> reader;
  private T none;
  private Joiner<T> joiner;

  /**
   * Readers. One takes all types, by a switch: a lambda for each would slow every start.
   *
   * @param types the known types
   */
  StageReaders(List<String> types, Reader<T> reader) {
    this.types = types;
    this.reader = reader;
  }

  /** Takes a stage that is null or missing for {@code none}. */
  StageReaders<T> none(T none) {
    this.none = none;
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
    if (!types.contains(type)) {
      throw json.refused(json.field() + " " + type, supported());
    }
    return reader.read(type, json);
  }

  /** The known types: {@code "A, B and C are"}. */
  private String supported() {
    var last = types.getLast();
    return types.size() == 1
        ? last + " is"
        : String.join(", ", types.subList(0, types.size() - 1)) + " and " + last + " are";
  }
}
