package dev.galen.tokenizer.decode;

import dev.galen.tokenizer.stage.Decoder;
import java.util.List;

/**
 * Decoders one behind the other.
 *
 * @param links the decoders in their order
 */
public record DecoderChain(List<Decoder> links) implements Decoder {

  @Override
  public List<String> decode(List<String> tokens) {
    for (var link : links) {
      tokens = link.decode(tokens);
    }
    return tokens;
  }
}
