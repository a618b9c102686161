package dev.galen.tokenizer.sentencepiece;

import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.ByteFallback;
import java.util.ArrayList;

/**
 * A SentencePiece model: a text as a whole becomes pieces, as SentencePiece's own library has it.
 * Control pieces are not looked for in a text.
 */
public final class SentencePiece implements TokenModel {

  private final ModelFile file;
  private final Vocabulary vocabulary;
  private final Segmenter segmenter;
  private final ByteFallback bytes;
  private final int unknown;

  /**
   * The model of a file.
   *
   * @throws IllegalArgumentException in one line if two of its pieces are the same, or it should
   *     fall back to bytes and lacks some
   */
  public SentencePiece(ModelFile file) {
    this.file = file;
    var tokens = new ArrayList<String>();
    file.pieces().forEach(piece -> tokens.add(piece.text()));
    this.vocabulary = Vocabulary.of(tokens);
    if (vocabulary.count() < tokens.size()) {
      throw new IllegalArgumentException("the SentencePiece model has a piece twice");
    }
    this.segmenter = file.training().isBpe() ? new BpeModel(file) : new UnigramModel(file);
    this.bytes = file.bytes();
    this.unknown = file.training().unknown();
    for (int b = 0; bytes != null && b < 256; b++) {
      if (bytes.id((byte) b) < 0) {
        throw new IllegalArgumentException(
            "the SentencePiece model has byte_fallback, but lacks the piece <0x%02X>".formatted(b));
      }
    }
  }

  /** The file. */
  public ModelFile file() {
    return file;
  }

  /** What goes before it. */
  public Normalizer normalizer() {
    return new SpaceNormalizer(file);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public void encode(byte[] utf8, int start, int end, TokenList tokens) {
    if (start == end) {
      return;
    }
    var found = TokenList.withPlaces(16);
    segmenter.segment(utf8, start, end, found);
    boolean afterUnknown = false;
    for (int i = 0; i < found.ids().size(); i++) {
      int id = found.ids().get(i);
      if (id == unknown && bytes != null) {
        addBytes(utf8, found.start(i), found.end(i), tokens);
      } else if (id == unknown && afterUnknown) {
        tokens.extendLast(found.end(i));
      } else {
        tokens.add(id, found.start(i), found.end(i));
      }
      afterUnknown = id == unknown;
    }
  }

  /** The last byte has the place of the character; the others stand empty in front of it. */
  private void addBytes(byte[] utf8, int start, int end, TokenList tokens) {
    for (int i = start; i < end; i++) {
      tokens.add(bytes.id(utf8[i]), start, i == end - 1 ? end : start);
    }
  }

  /** What turns pieces into text. */
  public PieceDecoder decoder() {
    return new PieceDecoder(file);
  }
}
