package dev.galen.tokenizer.hf;

import dev.galen.tokenizer.bpe.ByteLevelDecoder;
import dev.galen.tokenizer.decode.DecoderChain;
import dev.galen.tokenizer.decode.Decoders;
import dev.galen.tokenizer.split.Metaspace;
import dev.galen.tokenizer.stage.Decoder;
import java.io.IOException;
import java.util.List;

/** HuggingFace's decoders. */
final class DecoderJson {

  private static final int METASPACE = 0x2581;

  private static final List<String> TYPES =
      List.of(
          "ByteLevel",
          "WordPiece",
          "Metaspace",
          "BPEDecoder",
          "CTC",
          "ByteFallback",
          "Fuse",
          "Strip",
          "Replace");

  private DecoderJson() {}

  /**
   * The readers.
   *
   * @param bytes whether the model reads bytes, which are decoded as such even if nothing says so
   */
  static StageReaders<Decoder> readers(boolean bytes) {
    return new StageReaders<>(TYPES, DecoderJson::read)
        .none(bytes ? new ByteLevelDecoder() : Decoders.spaced())
        .sequences((links, json) -> new DecoderChain(links));
  }

  private static Decoder read(String type, StageJson json) throws IOException {
    return switch (type) {
      case "ByteLevel" -> new ByteLevelDecoder();
      case "WordPiece" -> wordPiece(json);
      case "Metaspace" -> metaspace(json);
      case "BPEDecoder" -> Decoders.bpe(json.text("suffix", "</w>"));
      case "CTC" -> ctc(json);
      case "ByteFallback" -> Decoders.byteFallback();
      case "Fuse" -> Decoders.fuse();
      case "Strip" -> strip(json);
      default -> Decoders.replace(json.pattern(), json.text("content"));
    };
  }

  private static Decoder wordPiece(StageJson json) throws IOException {
    return Decoders.wordPiece(json.text("prefix", "##"), json.flag("cleanup", true));
  }

  private static Decoder metaspace(StageJson json) throws IOException {
    return Decoders.metaspace(
        json.character("replacement", METASPACE),
        PreTokenizerJson.prepend(json) != Metaspace.Prepend.NEVER);
  }

  private static Decoder ctc(StageJson json) throws IOException {
    return Decoders.ctc(
        json.text("pad_token", "<pad>"),
        json.text("word_delimiter_token", "|"),
        json.flag("cleanup", true));
  }

  private static Decoder strip(StageJson json) throws IOException {
    return Decoders.strip(
        json.character("content", ' '), json.number("start", 0), json.number("stop", 0));
  }
}
