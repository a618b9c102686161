package dev.galen.model.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Has both configs say which tokens begin, end and fill texts, as the tokenizer does that a model
 * was trained with: transformers' {@code Trainer} with its {@code align_special_tokens}. Ends only
 * ever become more, since the model may have learned the others before; what the tokenizer does not
 * define stays.
 */
final class SpecialTokenAlignment {
  static final String END = "eos_token_id";
  private static final String BEGINNING = "bos_token_id";
  private static final String PADDING = "pad_token_id";

  private final ObjectNode config;
  private final ObjectNode generation;

  /**
   * @param config the contents of {@code config.json}, to be changed
   * @param generation those of {@code generation_config.json}, to be changed
   */
  SpecialTokenAlignment(ObjectNode config, ObjectNode generation) {
    this.config = config;
    this.generation = generation;
  }

  /** Changes both where {@code tokenizer} says something else. */
  void with(Tokenizer tokenizer) {
    align(END, tokenizer.endOfTextId());
    align(BEGINNING, tokenizer.beginningOfTextId());
    align(PADDING, tokenizer.paddingId());
  }

  private void align(String key, OptionalInt wanted) {
    if (wanted.isEmpty()) {
      return;
    }
    int id = wanted.getAsInt();
    List<Integer> configured = ids(config, key);
    List<Integer> generated = ids(generation, key);
    if (configured.contains(id) && generated.contains(id)) {
      return;
    }
    if (key.equals(END)) {
      if (config.path(key).isArray()) {
        put(config, key, first(id, configured));
      } else {
        config.put(key, id);
      }
      put(generation, key, first(id, generated));
    } else {
      config.put(key, id);
      generation.put(key, id);
    }
  }

  private static List<Integer> ids(ObjectNode json, String key) {
    return new JsonFields(json).integers(key).stream().filter(id -> id >= 0).toList();
  }

  private static List<Integer> first(int id, List<Integer> others) {
    var all = new ArrayList<Integer>(List.of(id));
    others.stream().filter(other -> other != id).forEach(all::add);
    return all;
  }

  private static void put(ObjectNode json, String key, List<Integer> ids) {
    ids.forEach(json.putArray(key)::add);
  }
}
