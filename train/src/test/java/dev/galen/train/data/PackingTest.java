package dev.galen.train.data;

import static dev.galen.train.data.TokenSequence.IGNORE_INDEX;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.tensor.ops.Documents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Documents in rows. */
class PackingTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static int[] ints(JsonNode array) {
    return JSON.convertValue(array, int[].class);
  }

  /** Rows that TRL makes of the same documents, as {@code packing/make.py} asked it. */
  @Test
  void rowsAreTrls() throws IOException {
    JsonNode cases;
    try (var in = getClass().getResourceAsStream("/dev/galen/train/packing/packing.json")) {
      cases = JSON.readTree(in);
    }
    assertEquals(27, cases.size());
    for (JsonNode c : cases) {
      var documents = new ArrayList<TokenSequence>();
      int id = 10;
      for (int length : ints(c.required("documents"))) {
        var ids = new int[length];
        for (int i = 0; i < length; i++) {
          ids[i] = id++;
        }
        documents.add(TokenSequence.text(ids));
      }
      requireTrls(c, documents);
    }
    for (JsonNode c :
        JSON.readTree(SharedData.file("recipe-cases/packing.json").toFile())
            .required("trl_pack_dataset")) {
      var documents = new ArrayList<TokenSequence>();
      c.required("rows").forEach(row -> documents.add(TokenSequence.text(ints(row))));
      requireTrls(c, documents);
    }
  }

  private static void requireTrls(JsonNode c, List<TokenSequence> documents) {
    JsonNode rows = c.has("packed") ? c.get("packed") : c.required("input_ids");
    int length = (c.has("length") ? c.get("length") : c.required("seq_length")).asInt();
    Packing packing = Packing.named(c.required("strategy").asText());
    TokenSequences packed = packing.pack(TokenSequences.of(documents), length);
    assertEquals(rows.size(), packed.size(), c.toString());
    for (int row = 0; row < packed.size(); row++) {
      TokenSequence sequence = packed.get(row);
      assertArrayEquals(ints(rows.get(row)), sequence.inputIds(), c.toString());
      int[] lengths =
          packing == Packing.WRAPPED
              ? new int[] {sequence.length()}
              : ints(c.required("seq_lengths").get(row));
      int[] own = sequence.documents();
      assertArrayEquals(lengths, own == null ? new int[] {sequence.length()} : own);
      int[] places = new Documents(lengths).positions();
      for (int t = 0; t < sequence.length(); t++) {
        boolean begins = packing != Packing.WRAPPED && places[t] == 0;
        int label = begins ? IGNORE_INDEX : sequence.inputIds()[t];
        assertEquals(label, sequence.labels()[t]);
      }
    }
  }

  @Test
  void labelsAndMasksGoAlong() {
    var first = TokenSequence.prompted(new int[] {1, 2}, new int[] {3}, 0);
    var second = new TokenSequence(new int[] {4, 5}, new int[] {4, 5}, 0, null, new int[] {1, 0});
    TokenSequences both = TokenSequences.of(List.of(first, second));
    TokenSequence row = Packing.BFD.pack(both, 6).getFirst();
    assertArrayEquals(new int[] {1, 2, 3, 4, 5}, row.inputIds());
    assertArrayEquals(new int[] {-100, -100, 3, -100, 5}, row.labels());
    assertArrayEquals(new int[] {1, 1, 1, 1, 0}, row.attentionMask());
    assertArrayEquals(new int[] {3, 2}, row.documents());
    assertEquals(2, row.tokens());
    TokenSequences wrapped = Packing.WRAPPED.pack(both, 4);
    assertArrayEquals(new int[] {-100, -100, 3, 4}, wrapped.get(0).labels());
    assertNull(wrapped.get(0).documents());
    assertArrayEquals(new int[] {0}, wrapped.get(1).attentionMask());
    assertFalse(wrapped.haveDocuments());
    assertTrue(Packing.BFD.pack(both, 6).haveDocuments());
  }

  /** What is packed once is not packed again, and what is no text is not packed at all. */
  @Test
  void whatIsNoTextIsRefused() {
    var text = TokenSequence.text(new int[] {1, 2});
    TokenSequences packed = Packing.BFD.pack(TokenSequences.of(List.of(text, text)), 4);
    for (TokenSequences rows :
        List.of(
            packed,
            TokenSequences.of(List.of(TokenSequence.classified(new int[] {1, 2}, 1, 0))),
            TokenSequences.of(
                List.of(
                    new TokenSequence(new int[] {1}, new int[] {1}, 0, new int[] {0}, null))))) {
      for (Packing packing : Packing.values()) {
        String line =
            assertThrows(IllegalArgumentException.class, () -> packing.pack(rows, 4)).getMessage();
        assertTrue(line.startsWith("document 1 cannot be packed: it "), line);
      }
    }
    assertThrows(IllegalArgumentException.class, () -> Packing.BFD.pack(packed, 0));
    String line =
        assertThrows(IllegalArgumentException.class, () -> Packing.named("ffd")).getMessage();
    assertEquals("packing is ffd, must be one of [bfd, bfd_split, wrapped]", line);
  }

  /** A row keeps its documents in few bytes, among others and in every order. */
  @Test
  void rowsKeepTheirDocuments() {
    var rows = new ArrayList<TokenSequence>();
    rows.add(TokenSequence.text(new int[] {1, 2, 3}));
    rows.add(
        TokenSequence.packed(
            new int[] {4, 5, 6, 7}, new int[] {4, 5, 6, 7}, null, new int[] {1, 3}));
    rows.add(
        TokenSequence.packed(
            new int[] {8, 9}, new int[] {8, 9}, new int[] {1, 0}, new int[] {1, 1}));
    TokenSequences held = TokenSequences.of(rows).byLength();
    assertArrayEquals(new int[] {1, 1}, held.get(0).documents());
    assertArrayEquals(new int[] {1, 0}, held.get(0).attentionMask());
    assertNull(held.get(1).documents());
    assertArrayEquals(new int[] {1, 3}, held.get(2).documents());
    assertArrayEquals(new int[] {-100, -100, 6, 7}, held.get(2).labels());
    assertThrows(
        IllegalArgumentException.class,
        () -> new TokenSequence(new int[2], new int[2], 0, null, null, new int[] {1}));
  }

  /** What pads a row is a document that nothing is learned from. */
  @Test
  void batchesPadBehindTheDocuments() {
    var packed =
        TokenSequence.packed(new int[] {4, 5, 6}, new int[] {4, 5, 6}, null, new int[] {1, 2});
    var text = TokenSequence.text(new int[] {1, 2, 3, 4});
    Batch batch = new CausalCollator(0).collate(List.of(packed, text));
    assertArrayEquals(new int[] {1, 2, 1, 4}, batch.documents().lengths());
    assertEquals(1 + 3, batch.tokens());
    assertNull(new CausalCollator(0).collate(List.of(text, text)).documents());
  }

  /** What the encoder hands on is whole, unless its end would be lost anyway. */
  @Test
  void documentsArriveWhole() {
    SequenceEncoder encoder = SequenceEncoder.ofTokens(20, 3);
    var ids = new int[] {1, 2, 3, 4, 5};
    var example = new TokenExample(ids, null);
    assertThrows(IllegalArgumentException.class, () -> encoder.encode(List.of(example)));
    TokenSequence split =
        encoder.withDocumentsFor(Packing.BFD_SPLIT).encode(List.of(example)).getFirst();
    assertArrayEquals(ids, split.inputIds());
    TokenSequence cut = encoder.withDocumentsFor(Packing.BFD).encode(List.of(example)).getFirst();
    assertArrayEquals(Arrays.copyOf(ids, 3), cut.inputIds());
    assertEquals(2, cut.leftOut());
    SequenceEncoder words = SequenceEncoder.of(new WordTokenizer(), 300, 4).withPacking();
    var texts = List.of(new TextExample("one two three four five"), new TextExample("six"));
    TokenSequences whole = words.withDocumentsFor(Packing.WRAPPED).encode(texts);
    assertEquals(2, whole.size());
    assertEquals(6, whole.length(0)); // and the end of text
    var packed = new TokenExample(new int[] {1, 2, 3}, null, new int[] {1, 2}, Origin.MEMORY);
    assertArrayEquals(
        new int[] {-100, -100, 3}, encoder.encode(List.of(packed)).getFirst().labels());
    assertThrows(
        IllegalArgumentException.class,
        () -> encoder.withDocumentsFor(Packing.BFD).encode(List.of(packed)));
  }
}
