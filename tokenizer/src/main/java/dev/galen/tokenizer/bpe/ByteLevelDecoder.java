package dev.galen.tokenizer.bpe;

import dev.galen.tokenizer.stage.Decoder;

/** Reads the visible characters by which a byte-level vocabulary spells bytes. */
public record ByteLevelDecoder() implements Decoder {

  @Override
  public byte[] bytes(String token) {
    return ByteLevel.bytes(token);
  }
}
