package dev.galen.train.format;

import static java.util.stream.Collectors.toSet;

import dev.galen.train.data.EncodedExample;
import dev.galen.train.data.EncodedExample.Form;
import dev.galen.train.data.Example;
import dev.galen.train.data.TokenExample;
import dev.galen.train.data.TokenSequence;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A sequence that is tokenised already. The model gets the ids as they are, so whatever stands
 * beside them, as the columns that a tokenizer's {@code map} leaves, is what they were made of.
 */
final class TokenSchema implements RowSchema {

  private static final String IDS = "input_ids";
  private static final String LABELS = "labels";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";
  private static final String POSITIONS = "position_ids";
  private static final String LENGTHS = "seq_lengths";

  @Override
  public String name() {
    return IDS;
  }

  /** What other trainers read beside ids, and what would change the loss here. */
  private static final Set<String> UNUSED =
      Set.of("label_ids", "loss_mask", "loss_weights", "completion_mask", "assistant_masks", TYPES);

  @Override
  public Set<String> fields() {
    return Stream.concat(Stream.of(IDS, LABELS, MASK, POSITIONS, LENGTHS), UNUSED.stream())
        .collect(toSet());
  }

  @Override
  public boolean matches(RowFields row) {
    return row.has(IDS);
  }

  /** Labels alone are something else: PubMedQA calls the names of paragraphs so. */
  @Override
  public boolean misses(String field, RowFields row) {
    return !field.equals(LABELS) && !field.equals(MASK);
  }

  @Override
  public boolean permits(String field, RowFields row) {
    return true;
  }

  @Override
  public Example read(RowFields row) throws IOException {
    int[] ids = row.integers(IDS);
    int[] labels = row.value(LABELS) == null ? null : row.integers(LABELS);
    requireNothingUnused(row);
    requireAsMany(row, TYPES, ids);
    int[] mask = requireAsMany(row, MASK, ids);
    int[] documents = documents(row, ids);
    if (mask == null || Arrays.stream(mask).allMatch(mark -> mark == 1)) {
      return new TokenExample(ids, labels, documents, row.origin());
    }
    if (documents != null) {
      throw row.error("attention_mask hides something; expected ones where documents are packed");
    }
    return labels == null
        ? new EncodedExample(ids, mask, null, shown(ids, mask), Form.INTEGERS, row.origin())
        : EncodedSchema.example(row);
  }

  /**
   * The lengths of packed documents, by either way in which transformers and TRL say where they
   * begin; null for one text.
   */
  private static int[] documents(RowFields row, int[] ids) throws IOException {
    int[] positions = requireAsMany(row, POSITIONS, ids);
    int[] lengths = row.value(LENGTHS) == null ? null : row.integers(LENGTHS);
    if (lengths != null
        && (Arrays.stream(lengths).anyMatch(length -> length < 1)
            || Arrays.stream(lengths).asLongStream().sum() != ids.length)) {
      throw row.error(
          "seq_lengths are %s; expected lengths of at least 1 that make %d, as many as input_ids"
              .formatted(Arrays.toString(lengths), ids.length));
    }
    if (positions == null) {
      return lengths == null || lengths.length < 2 ? null : lengths;
    }
    var counted = IntStream.builder();
    int begin = 0;
    for (int i = 0; i < positions.length; i++) {
      if (positions[i] == 0 && i > 0) {
        counted.add(i - begin);
        begin = i;
      } else if (positions[i] != i - begin) {
        throw row.error(
            "position_ids holds %d at position %d; expected %s"
                .formatted(
                    positions[i],
                    i,
                    i == 0
                        ? "0, where a document begins"
                        : (i - begin) + ", or 0 where a document begins"));
      }
    }
    int[] found = counted.add(positions.length - begin).build().toArray();
    if (lengths != null && !Arrays.equals(lengths, found)) {
      throw row.error(
          "seq_lengths are %s, but position_ids restart after %s"
              .formatted(Arrays.toString(lengths), Arrays.toString(found)));
    }
    return found.length < 2 ? null : found;
  }

  /** What a mask hides is not learned: the ids that it shows are the labels. */
  private static double[] shown(int[] ids, int[] mask) {
    var labels = new double[ids.length];
    for (int i = 0; i < ids.length; i++) {
      labels[i] = mask[i] == 0 ? TokenSequence.IGNORE_INDEX : ids[i];
    }
    return labels;
  }

  /** Zeros, which tokenizers write for a single text, say nothing. */
  private static void requireNothingUnused(RowFields row) throws IOException {
    for (String field : UNUSED) {
      boolean zeros =
          field.equals(TYPES)
              && row.value(field) != null
              && Arrays.stream(row.integers(field)).allMatch(id -> id == 0);
      if (row.value(field) != null && !zeros) {
        throw row.error(
            field
                + " is not used; say by labels what is learned, with -100 where a position does"
                + " not count, and take the field out");
      }
    }
  }

  /** The integers of a field that may be missing; as many as ids, or the row is refused. */
  private static int[] requireAsMany(RowFields row, String field, int[] ids) throws IOException {
    int[] beside = row.value(field) == null ? null : row.integers(field);
    if (beside != null && beside.length != ids.length) {
      throw row.error(
          "%s has %d entries and input_ids has %d; they must be as long as each other"
              .formatted(field, beside.length, ids.length));
    }
    return beside;
  }

  /** Refuses an attention mask that hides anything, or is not as long as the ids. */
  static void requireNoPadding(RowFields row) throws IOException {
    int[] mask = requireAsMany(row, MASK, row.integers(IDS));
    for (int i = 0; mask != null && i < mask.length; i++) {
      if (mask[i] != 1) {
        throw row.error(
            "attention_mask is "
                + mask[i]
                + " at position "
                + i
                + "; expected sequences without padding, which is added batch by batch");
      }
    }
  }
}
