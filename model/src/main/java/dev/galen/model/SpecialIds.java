package dev.galen.model;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;

/**
 * Token ids with a meaning, -1 where there is none.
 *
 * @param beginning starts a text
 * @param ends end a text, each of them, in the order of the file that named them
 * @param padding fills a batch
 */
public record SpecialIds(int beginning, List<Integer> ends, int padding) {
  /** No special ids. */
  public static final SpecialIds NONE = new SpecialIds(-1, List.of(), -1);

  /** Keeps its own copy of the ends, without doubles and negative ones. */
  public SpecialIds {
    ends = new LinkedHashSet<>(ends).stream().filter(id -> id >= 0).toList();
  }

  /**
   * HuggingFace's fields of a {@code config.json}: null where there is none, a list of several
   * ends.
   */
  public SequencedMap<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("bos_token_id", orNull(beginning));
    fields.put(
        "eos_token_id", ends.size() > 1 ? ends : orNull(ends.isEmpty() ? -1 : ends.getFirst()));
    fields.put("pad_token_id", orNull(padding));
    return fields;
  }

  private static Integer orNull(int id) {
    return id < 0 ? null : (Integer) id;
  }

  /** With a single end, or none where it is -1. */
  public SpecialIds(int beginning, int end, int padding) {
    this(beginning, List.of(end), padding);
  }
}
