package dev.galen.tokenizer.stage;

import dev.galen.tokenizer.text.Utf8;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** A decoder for which every token stands for bytes of its own, whatever stands beside it. */
public interface ByteDecoder extends Decoder {

  /** The bytes of a token as the vocabulary spells it. */
  byte[] bytes(String token);

  @Override
  default List<String> decode(List<String> tokens) {
    var out = new ByteArrayOutputStream(4 * tokens.size());
    for (var token : tokens) {
      out.writeBytes(bytes(token));
    }
    return List.of(Utf8.decode(out.toByteArray()));
  }
}
