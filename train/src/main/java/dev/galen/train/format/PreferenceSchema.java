package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.train.data.Example;
import dev.galen.train.data.PreferenceExample;
import dev.galen.train.data.PreferenceIds;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * A prompt and two completions of it by TRL's names, as text, or as lists of token ids, which may
 * be called {@code prompt_ids} and so on, too.
 */
final class PreferenceSchema implements RowSchema {
  private static final List<String> TEXT = List.of("prompt", "chosen", "rejected");
  private static final List<String> IDS = List.of("prompt_ids", "chosen_ids", "rejected_ids");

  @Override
  public String name() {
    return "prompt, chosen and rejected";
  }

  @Override
  public Set<String> fields() {
    return Set.of("prompt", "chosen", "rejected", "prompt_ids", "chosen_ids", "rejected_ids");
  }

  @Override
  public boolean matches(RowFields row) {
    return TEXT.stream().allMatch(row::has) || IDS.stream().allMatch(row::has);
  }

  @Override
  public Example read(RowFields row) throws IOException {
    if (IDS.stream().allMatch(row::has)) {
      if (!row.given(TEXT).isEmpty()) {
        throw row.error("gives text and ids; expected one of them");
      }
      return ids(row, IDS);
    }
    if (!row.given(IDS).isEmpty()) {
      throw row.error("gives text and some ids; expected one of them");
    }
    JsonNode prompt = row.value("prompt");
    if (prompt != null && prompt.isArray() && !prompt.isEmpty() && prompt.get(0).isObject()) {
      throw row.error("prompt is a list of messages; expected text, or token ids");
    }
    return prompt != null && prompt.isArray()
        ? ids(row, TEXT)
        : new PreferenceExample(
            row.words("prompt"), row.words("chosen"), row.words("rejected"), row.origin());
  }

  private static PreferenceIds ids(RowFields row, List<String> names) throws IOException {
    return new PreferenceIds(
        row.integers(names.get(0)),
        row.integers(names.get(1)),
        row.integers(names.get(2)),
        row.origin());
  }
}
