package dev.galen.tokenizer.sentencepiece;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tokenizer.Fixture;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.TokenizerFiles;
import dev.galen.tokenizer.hf.Json;
import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.text.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small models made by hand do as in Google's library, and damaged ones are refused. */
class SentencePieceTest {

  @TempDir Path folder;

  @Test
  void everySettingDoesAsInTheLibrary() throws IOException {
    int rows = 0;
    for (var set : Json.MAPPER.readTree(Fixture.read("sentencepiece/", "cases.json"))) {
      var file = folder.resolve("tokenizer.model");
      Files.write(file, Base64.getDecoder().decode(set.get("model").textValue()));
      var tokenizer = TokenizerFiles.load(file);
      for (var row : set.get("texts")) {
        var text = row.get(0).textValue();
        var name = rows + " " + row;
        var encoding = tokenizer.encode(text, SpecialTokens.TEXT, false).inCodePoints(text);
        var tokens = new ArrayList<List<Integer>>();
        for (int i = 0; i < encoding.size(); i++) {
          tokens.add(List.of(encoding.ids()[i], encoding.starts()[i], encoding.ends()[i]));
        }
        assertEquals(row.get(1).toString(), tokens.toString().replace(" ", ""), name);
        assertEquals(row.get(2).textValue(), tokenizer.decode(encoding.ids()), name);
        assertArrayEquals(encoding.ids(), tokenizer.encode(text, SpecialTokens.TEXT), name);
        rows++;
      }
      for (var row : set.get("ids")) {
        var name = rows + " " + row;
        assertEquals(row.get(1).textValue(), tokenizer.decode(Fixture.ids(row.get(0))), name);
      }
    }
    assertTrue(rows > 1600, rows + " texts");
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    for (; (value & ~0x7FL) != 0; value >>>= 7) {
      out.write((int) (value & 0x7F | 0x80));
    }
    out.write((int) value);
  }

  private static byte[] number(int field, long value) {
    var out = new ByteArrayOutputStream();
    varint(out, (long) field << 3);
    varint(out, value);
    return out.toByteArray();
  }

  private static byte[] bytes(int field, byte[]... parts) {
    byte[] all = joined(parts);
    var out = new ByteArrayOutputStream();
    varint(out, (long) field << 3 | 2);
    varint(out, all.length);
    out.writeBytes(all);
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] text(int field, String text) {
    return bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] real(int field, float value) {
    var out = ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN);
    return out.put((byte) (field << 3 | 5)).putFloat(value).array();
  }

  private static byte[] piece(String text, float score, int type) {
    return bytes(1, text(1, text), real(2, score), number(3, type));
  }

  private ModelFile read(byte[]... parts) throws IOException {
    var file = folder.resolve("spiece.model");
    Files.write(file, joined(parts));
    return ModelFile.read(file);
  }

  private String refusal(byte[]... parts) {
    var e = assertThrows(IOException.class, () -> read(parts));
    var file = folder.resolve("spiece.model") + ": ";
    assertTrue(e.getMessage().startsWith(file), e.getMessage());
    return e.getMessage().substring(file.length());
  }

  private static final byte[] UNK = piece("<unk>", 0, 2);
  private static final byte[] A = piece("a", -1.5f, 1);

  @Test
  void aFileSaysWhatItsModelIs() throws IOException {
    var training =
        bytes(
            2,
            number(3, 2),
            number(24, 1),
            number(35, 1),
            number(41, 2),
            number(42, 3),
            number(43, 9),
            text(44, "?"));
    var normalization = bytes(3, text(1, "x"), number(3, 0), number(4, 0), number(5, 0));
    var model =
        read(
            UNK, A, piece("<s>", 0, 3), piece("</s>", 0, 3), training, normalization, number(9, 1));
    assertEquals(new ModelFile.Training(true, true, true, 0, 2, 3, -1, "?"), model.training());
    assertEquals(new ModelFile.Normalization(null, false, false, false), model.normalization());
    assertEquals(new ModelFile.Piece("a", -1.5f, PieceType.NORMAL), model.pieces().get(1));
    assertEquals(PieceType.CONTROL, model.pieces().get(3).type());
    assertEquals(
        -1, Arrays.mismatch(Files.readAllBytes(folder.resolve("spiece.model")), model.contents()));
  }

  @Test
  void whatAFileLeavesOutIsTheFormatsDefault() throws IOException {
    var model = read(A, UNK, piece("<s>", 0, 3));
    assertEquals(
        new ModelFile.Training(false, false, false, 1, -1, 2, -1, " \u2047 "), model.training());
    assertEquals(new ModelFile.Normalization(null, true, true, true), model.normalization());
  }

  /** Fields of every kind that are not looked at are stepped over. */
  @Test
  void unknownFieldsAreSteppedOver() throws IOException {
    byte[] eight = {9 << 3 | 1, 1, 2, 3, 4, 5, 6, 7, 8};
    var model =
        read(
            number(10, -1),
            eight,
            real(10, 1),
            text(10, "x"),
            UNK,
            bytes(1, text(1, "a"), real(2, 1), number(7, 300), eight),
            bytes(2, number(1, 5), text(2, "y"), real(10, 2), eight),
            bytes(3, number(9, 5)),
            bytes(5, number(1, 5), text(2, "")));
    assertEquals(2, model.pieces().size());
    assertEquals(PieceType.NORMAL, model.pieces().get(1).type());
  }

  @Test
  void whatIsNotDoneIsRefused() {
    assertEquals("is no SentencePiece model: it has no pieces", refusal());
    assertEquals("the SentencePiece model has no unknown piece", refusal(A));
    assertEquals(
        "piece 1 of the SentencePiece model, \"\", is empty", refusal(UNK, piece("", 0, 1)));
    for (int type : new int[] {0, 7}) {
      assertEquals(
          "piece 1 of the SentencePiece model, \"b\", is of unknown type",
          refusal(UNK, piece("b", 0, type)));
    }
    assertEquals(
        "SentencePiece model_type word is not supported (only unigram and bpe are)",
        refusal(UNK, bytes(2, number(3, 3))));
    assertEquals(
        "SentencePiece model_type char is not supported (only unigram and bpe are)",
        refusal(UNK, bytes(2, number(3, 4))));
    assertEquals(
        "SentencePiece model_type 0 is not supported (only unigram and bpe are)",
        refusal(UNK, bytes(2, number(3, 0))));
    assertEquals(
        "a SentencePiece model with a denormalizer is not supported",
        refusal(UNK, bytes(5, text(2, "x"))));
  }

  @Test
  void everyDamageIsToldByItsPlace() throws IOException {
    String damaged = "is no SentencePiece model, or is damaged at byte ";
    byte[] good = joined(UNK, A);
    for (int length = 1; length < good.length; length++) {
      if (length != UNK.length) {
        byte[] cut = Arrays.copyOf(good, length);
        assertTrue(refusal(cut).startsWith(damaged), length + ": " + refusal(cut));
      }
    }
    assertEquals(damaged + "1", refusal(new byte[] {0}));
    assertEquals(
        damaged + "2",
        refusal(UNK.clone(), new byte[0], new byte[] {3 << 3 | 3})
            .replace(Integer.toString(UNK.length + 1), "2"));
    var endless = new byte[12];
    Arrays.fill(endless, (byte) 0xFF);
    assertEquals(damaged + "10", refusal(endless));
    // A piece that is a number, a score that is a text.
    assertEquals(damaged + "1", refusal(number(1, 1)));
    assertTrue(refusal(bytes(1, text(2, "x"))).startsWith(damaged));
    assertTrue(refusal(bytes(1, text(3, "x"))).startsWith(damaged));
    assertTrue(refusal(bytes(1, number(1, 3))).startsWith(damaged));
    assertTrue(refusal(bytes(1, number(2, 3))).startsWith(damaged));
  }

  @Test
  void aPieceStandsOnce() throws IOException {
    var file = read(UNK, A, A);
    var e = assertThrows(IllegalArgumentException.class, () -> new SentencePiece(file));
    assertEquals("the SentencePiece model has a piece twice", e.getMessage());
  }

  @Test
  void bytesMustAllBeThere() throws IOException {
    var parts = new ArrayList<byte[]>(List.of(UNK, bytes(2, number(35, 1))));
    for (int b = 0; b < 255; b++) {
      parts.add(piece("<0x%02X>".formatted(b), 0, 6));
    }
    var file = read(parts.toArray(byte[][]::new));
    var e = assertThrows(IllegalArgumentException.class, () -> new SentencePiece(file));
    assertEquals(
        "the SentencePiece model has byte_fallback, but lacks the piece <0xFF>", e.getMessage());
  }

  @Test
  void aModelIsOneStageAmongOthers() throws IOException {
    var file = read(UNK, A, piece("\u2581", -2, 1));
    var model = new SentencePiece(file);
    assertEquals(file, model.file());
    assertEquals(3, model.vocabulary().size());
    byte[] word = "xaab".getBytes(StandardCharsets.UTF_8);
    var tokens = TokenList.withPlaces(4);
    model.encode(word, 1, 3, tokens);
    model.encode(word, 2, 2, tokens);
    assertArrayEquals(new int[] {1, 1}, tokens.ids().toArray());
    assertEquals(
        List.of(1, 2, 2, 3),
        List.of(tokens.start(0), tokens.end(0), tokens.start(1), tokens.end(1)));
    assertEquals(
        "\u2581a",
        new String(model.normalizer().normalize(Text.of(" a ")).utf8(), StandardCharsets.UTF_8));
    assertEquals(List.of("a", " "), model.decoder().decode(List.of("a", "\u2581")));
  }
}
