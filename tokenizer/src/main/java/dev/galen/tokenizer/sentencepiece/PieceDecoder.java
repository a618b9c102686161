package dev.galen.tokenizer.sentencepiece;

import dev.galen.tokenizer.stage.Decoder;
import dev.galen.tokenizer.text.ByteFallback;
import dev.galen.tokenizer.text.Utf8;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns pieces into text as SentencePiece does: control pieces are nothing, U+2581 is a space, the
 * space that was put in front goes, bytes are UTF-8 with U+FFFD for each that is none.
 */
public final class PieceDecoder implements Decoder {

  private static final String SPACE = "\u2581";

  private final ModelFile.Training training;
  private final boolean stripsOne;
  private final boolean stripsAll;
  private final Map<String, PieceType> types = new HashMap<>();

  PieceDecoder(ModelFile model) {
    this.training = model.training();
    this.stripsAll = model.normalization().removesExtraSpaces();
    this.stripsOne = model.normalization().addsDummyPrefix() || stripsAll;
    for (var piece : model.pieces()) {
      if (piece.type() != PieceType.NORMAL) {
        types.put(piece.text(), piece.type());
      }
    }
  }

  @Override
  public List<String> decode(List<String> tokens) {
    var decoded = new ArrayList<String>(tokens.size());
    var run = new ByteArrayOutputStream();
    boolean atStart = true;
    boolean stripped = false;
    boolean any = false;
    for (var token : tokens) {
      var type = types.getOrDefault(token, PieceType.NORMAL);
      if (type == PieceType.BYTE) {
        run.write(ByteFallback.byteOf(token));
        continue;
      }
      any |= addRun(run, decoded);
      if (stripped || any) {
        atStart = false;
      }
      var text = token;
      stripped = false;
      switch (type) {
        case CONTROL -> text = "";
        case UNKNOWN -> text = training.unknownSurface();
        default -> {
          if (atStart && stripsOne && text.startsWith(SPACE)) {
            text = text.substring(1);
            stripped = !stripsAll;
          }
          text = text.replace(SPACE, " ");
        }
      }
      any |= !text.isEmpty();
      decoded.add(text);
    }
    addRun(run, decoded);
    return decoded;
  }

  private static boolean addRun(ByteArrayOutputStream run, List<String> decoded) {
    if (run.size() == 0) {
      return false;
    }
    decoded.add(Utf8.decodeByByte(run.toByteArray()));
    run.reset();
    return true;
  }
}
