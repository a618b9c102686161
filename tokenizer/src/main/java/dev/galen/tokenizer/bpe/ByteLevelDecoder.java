package dev.galen.tokenizer.bpe;

import dev.galen.tokenizer.stage.ByteDecoder;
import dev.galen.tokenizer.text.ByteLevel;

/** Reads the visible characters by which a byte-level vocabulary spells bytes. */
public record ByteLevelDecoder() implements ByteDecoder {

  @Override
  public byte[] bytes(String token) {
    return ByteLevel.bytes(token);
  }
}
