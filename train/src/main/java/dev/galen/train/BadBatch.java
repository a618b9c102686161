package dev.galen.train;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tensor.DType;
import dev.galen.train.data.Batch;
import dev.galen.train.data.TokenSequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The batch after which a loss or a gradient was no number, as JSON lines that {@code galen
 * evaluate} and {@code galen train} read: a row for each sequence, with what it was and where it
 * came from beside its ids and labels.
 */
final class BadBatch {
  private BadBatch() {}

  /**
   * The rows of the next update's batches, or of the one that is named.
   *
   * @param step the update
   * @param found what was found in it
   * @param batches at the update's beginning
   */
  static String rows(long step, NonFiniteException found, UpdateBatches batches, Origins origins)
      throws IOException {
    List<int[]> indices = batches.nextIndices();
    Set<Integer> all = new TreeSet<>();
    for (int i = 0; i < indices.size(); i++) {
      if (concerns(found, i)) {
        for (int index : indices.get(i)) {
          all.add(index);
        }
      }
    }
    Map<Integer, List<String>> rows = origins.of(all);
    var text = new StringBuilder();
    for (int i = 0; i < indices.size(); i++) {
      if (concerns(found, i)) {
        Batch.Labels form = batches.batch(indices.get(i)).form();
        for (int index : indices.get(i)) {
          for (TokenSequence document : documents(batches.sequence(index))) {
            ObjectNode json = row(document, form);
            json.put("step", step).put("batch", i).put("sequence", index);
            rows.getOrDefault(index, List.of()).forEach(json.withArray("rows")::add);
            text.append(json.put("where", found.place())).append('\n');
          }
        }
      }
    }
    return text.toString();
  }

  /**
   * The rows of a batch that was measured, which has no places in the data any more.
   *
   * @param step updates made
   */
  static String rows(
      long step, NonFiniteException found, NonFiniteException.MeasuredBatch measured) {
    var text = new StringBuilder();
    for (TokenSequence sequence : measured.sequences()) {
      for (TokenSequence document : documents(sequence)) {
        ObjectNode json = row(document, measured.form()).put("afterStep", step);
        text.append(json.put("where", found.place())).append('\n');
      }
    }
    return text.toString();
  }

  private static boolean concerns(NonFiniteException found, int batch) {
    return found.batch() == NonFiniteException.ALL || found.batch() == batch;
  }

  /** Texts that are packed side by side are rows of their own again. */
  private static List<TokenSequence> documents(TokenSequence sequence) {
    if (sequence.documents() == null) {
      return List.of(sequence);
    }
    var documents = new ArrayList<TokenSequence>();
    int from = 0;
    for (int length : sequence.documents()) {
      documents.add(
          new TokenSequence(
              Arrays.copyOfRange(sequence.inputIds(), from, from + length),
              Arrays.copyOfRange(sequence.labels(), from, from + length),
              0,
              null,
              part(sequence.attentionMask(), from, length)));
      from += length;
    }
    return documents;
  }

  private static int[] part(int[] mask, int from, int length) {
    return mask == null ? null : Arrays.copyOfRange(mask, from, from + length);
  }

  private static ObjectNode row(TokenSequence sequence, Batch.Labels form) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    put(json.putArray("input_ids"), sequence.inputIds());
    int[] labels = sequence.labels();
    if (form.dtype() == DType.F32) {
      ArrayNode numbers = json.putArray("labels");
      for (int bits : labels) {
        numbers.add(Float.intBitsToFloat(bits));
      }
    } else if (form.shape().rank() == 1) {
      json.put("label", labels[0]);
    } else {
      put(json.putArray("labels"), labels);
    }
    if (sequence.tokenTypes() != null) {
      put(json.putArray("token_type_ids"), sequence.tokenTypes());
    }
    if (sequence.attentionMask() != null) {
      put(json.putArray("attention_mask"), sequence.attentionMask());
    }
    return json;
  }

  private static void put(ArrayNode array, int[] values) {
    for (int value : values) {
      array.add(value);
    }
  }
}
