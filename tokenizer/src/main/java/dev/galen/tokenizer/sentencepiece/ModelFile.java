package dev.galen.tokenizer.sentencepiece;

import dev.galen.tokenizer.text.ByteFallback;
import dev.galen.tokenizer.text.ByteTrie;
import dev.galen.tokenizer.text.CharsMap;
import dev.galen.tokenizer.text.Quote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * A SentencePiece model as {@code tokenizer.model} and {@code spiece.model} hold it.
 *
 * @param contents the file
 * @param pieces the pieces by id
 * @param training what its training says
 * @param normalization what becomes of a text first
 */
public record ModelFile(
    byte[] contents, List<Piece> pieces, Training training, Normalization normalization) {

  /**
   * A piece.
   *
   * @param text how it is spelled, with U+2581 for a space
   * @param score the logarithm of its probability, or minus the rank of its merge
   */
  public record Piece(String text, float score, PieceType type) {}

  /**
   * What the training says of the model.
   *
   * @param isBpe whether merges make the pieces; else a unigram language model
   * @param fallsBackToBytes whether unknown characters become bytes
   * @param spaceIsSuffix whether a space ends a word; else it begins one
   * @param unknown the id of the unknown piece
   * @param begin the id of the piece that begins a text, or -1
   * @param end the id of the piece that ends a text, or -1
   * @param padding the id of the piece that fills up, or -1
   * @param unknownSurface what the unknown piece is decoded to
   */
  public record Training(
      boolean isBpe,
      boolean fallsBackToBytes,
      boolean spaceIsSuffix,
      int unknown,
      int begin,
      int end,
      int padding,
      String unknownSurface) {}

  /**
   * What becomes of a text first.
   *
   * @param map the precompiled map of characters, or null
   * @param addsDummyPrefix whether a space goes in front
   * @param removesExtraSpaces whether of several spaces one is left, and none at the ends
   * @param escapesSpaces whether a space becomes U+2581
   */
  public record Normalization(
      CharsMap map, boolean addsDummyPrefix, boolean removesExtraSpaces, boolean escapesSpaces) {}

  private static final int UNIGRAM = 1;
  private static final int BPE = 2;

  /**
   * Reads a file.
   *
   * @throws IOException in one line that names the file if it is damaged, or asks for what is not
   *     done here
   */
  public static ModelFile read(Path file) throws IOException {
    try {
      return new Reader(Files.readAllBytes(file)).read();
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      var message = e.getMessage();
      throw message != null && message.startsWith("is ")
          ? new IOException(file + ": " + message, e)
          : e;
    }
  }

  /** The pieces that are found in a text whatever is around them. */
  ByteTrie userDefined() {
    var trie = new ByteTrie(64);
    for (int id = 0; id < pieces.size(); id++) {
      if (pieces.get(id).type() == PieceType.USER_DEFINED) {
        trie.put(pieces.get(id).text().getBytes(StandardCharsets.UTF_8), id);
      }
    }
    return trie;
  }

  /** The pieces that a text may spell. */
  ByteTrie spelled() {
    var trie = new ByteTrie(4 * pieces.size());
    for (int id = 0; id < pieces.size(); id++) {
      if (pieces.get(id).type().isInText()) {
        trie.put(pieces.get(id).text().getBytes(StandardCharsets.UTF_8), id);
      }
    }
    return trie;
  }

  /** The ids of the bytes, where unknown characters become them; else null. */
  ByteFallback bytes() {
    if (!training.fallsBackToBytes()) {
      return null;
    }
    var ids = new HashMap<String, Integer>();
    for (int id = 0; id < pieces.size(); id++) {
      if (pieces.get(id).type() == PieceType.BYTE) {
        ids.put(pieces.get(id).text(), id);
      }
    }
    return ByteFallback.of(token -> ids.getOrDefault(token, -1));
  }

  /** Collects what the messages of a file say. */
  private static final class Reader {

    private final byte[] contents;
    private final List<Piece> pieces = new ArrayList<>();

    private int modelType = UNIGRAM;
    private boolean fallsBackToBytes;
    private boolean spaceIsSuffix;
    private int begin = 1;
    private int end = 2;
    private int padding = -1;
    private String unknownSurface = " \u2047 ";

    private byte[] map = {};
    private boolean addsDummyPrefix = true;
    private boolean removesExtraSpaces = true;
    private boolean escapesSpaces = true;

    Reader(byte[] contents) {
      this.contents = contents;
    }

    ModelFile read() throws IOException {
      var model = new Protobuf(contents);
      while (model.next()) {
        switch (model.field()) {
          case 1 -> readPiece(model.message());
          case 2 -> readTraining(model.message());
          case 3 -> readNormalization(model.message());
          case 5 -> refuseDenormalization(model.message());
          default -> model.skip();
        }
      }
      if (pieces.isEmpty()) {
        throw new IOException("is no SentencePiece model: it has no pieces");
      }
      if (modelType != UNIGRAM && modelType != BPE) {
        throw new IllegalArgumentException(
            "SentencePiece model_type %s is not supported (only unigram and bpe are)"
                .formatted(modelType == 3 ? "word" : modelType == 4 ? "char" : modelType));
      }
      return new ModelFile(
          contents,
          List.copyOf(pieces),
          new Training(
              modelType == BPE,
              fallsBackToBytes,
              spaceIsSuffix,
              requireUnknown(),
              idOrNone(begin),
              idOrNone(end),
              idOrNone(padding),
              unknownSurface),
          new Normalization(
              map.length == 0 ? null : CharsMap.of(map),
              addsDummyPrefix,
              removesExtraSpaces,
              escapesSpaces));
    }

    private int requireUnknown() {
      for (int id = 0; id < pieces.size(); id++) {
        if (pieces.get(id).type() == PieceType.UNKNOWN) {
          return id;
        }
      }
      throw new IllegalArgumentException("the SentencePiece model has no unknown piece");
    }

    private int idOrNone(int id) {
      return id >= 0 && id < pieces.size() && pieces.get(id).type() == PieceType.CONTROL ? id : -1;
    }

    private void readPiece(Protobuf message) throws IOException {
      var text = "";
      float score = 0;
      var type = PieceType.NORMAL;
      while (message.next()) {
        switch (message.field()) {
          case 1 -> text = message.text();
          case 2 -> score = message.real();
          case 3 -> type = PieceType.of(message.number());
          default -> message.skip();
        }
      }
      if (text.isEmpty() || type == null) {
        throw new IllegalArgumentException(
            "piece %d of the SentencePiece model, \"%s\", is %s"
                .formatted(
                    pieces.size(), Quote.of(text), type == null ? "of unknown type" : "empty"));
      }
      pieces.add(new Piece(text, score, type));
    }

    private void readTraining(Protobuf message) throws IOException {
      while (message.next()) {
        switch (message.field()) {
          case 3 -> modelType = (int) message.number();
          case 24 -> spaceIsSuffix = message.flag();
          case 35 -> fallsBackToBytes = message.flag();
          case 41 -> begin = (int) message.number();
          case 42 -> end = (int) message.number();
          case 43 -> padding = (int) message.number();
          case 44 -> unknownSurface = message.text();
          default -> message.skip();
        }
      }
    }

    private void readNormalization(Protobuf message) throws IOException {
      while (message.next()) {
        switch (message.field()) {
          case 2 -> map = message.bytes();
          case 3 -> addsDummyPrefix = message.flag();
          case 4 -> removesExtraSpaces = message.flag();
          case 5 -> escapesSpaces = message.flag();
          default -> message.skip();
        }
      }
    }

    private static void refuseDenormalization(Protobuf message) throws IOException {
      while (message.next()) {
        if (message.field() == 2 && message.bytes().length > 0) {
          throw new IllegalArgumentException(
              "a SentencePiece model with a denormalizer is not supported");
        } else if (message.field() != 2) {
          message.skip();
        }
      }
    }
  }
}
