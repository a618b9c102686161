package dev.galen.tokenizer.hf;

import dev.galen.tokenizer.normalize.BertNormalizer;
import dev.galen.tokenizer.normalize.ByteSpelling;
import dev.galen.tokenizer.normalize.CharacterNormalizer;
import dev.galen.tokenizer.normalize.Lowercase;
import dev.galen.tokenizer.normalize.NormalizerChain;
import dev.galen.tokenizer.normalize.Precompiled;
import dev.galen.tokenizer.normalize.Prepend;
import dev.galen.tokenizer.normalize.ReplaceNormalizer;
import dev.galen.tokenizer.normalize.Strip;
import dev.galen.tokenizer.normalize.UnicodeForm;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.CharsMap;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

/** HuggingFace's normalizers. */
final class NormalizerJson {

  private static final List<String> TYPES =
      List.of(
          "BertNormalizer",
          "NFC",
          "NFD",
          "NFKC",
          "NFKD",
          "Lowercase",
          "Strip",
          "StripAccents",
          "Replace",
          "Prepend",
          "Nmt",
          "Precompiled",
          "ByteLevel");

  private NormalizerJson() {}

  static StageReaders<Normalizer> readers() {
    return new StageReaders<>(TYPES, NormalizerJson::read)
        .none(Normalizer.NONE)
        .sequences(NormalizerJson::chain);
  }

  private static Normalizer read(String type, StageJson json) throws IOException {
    return switch (type) {
      case "BertNormalizer" -> bert(json);
      case "Lowercase" -> new Lowercase();
      case "Strip" -> new Strip(json.flag("strip_left", true), json.flag("strip_right", true));
      case "StripAccents" -> CharacterNormalizer.STRIP_ACCENTS;
      case "Nmt" -> CharacterNormalizer.NMT;
      case "Replace" -> new ReplaceNormalizer(json.pattern(), json.text("content"));
      case "Prepend" -> new Prepend(json.text("prepend"));
      case "ByteLevel" -> new ByteSpelling();
      case "Precompiled" -> precompiled(json);
      default -> new UnicodeForm(UnicodeForm.Kind.valueOf(type));
    };
  }

  private static Normalizer chain(List<Normalizer> links, StageJson json) {
    return links.isEmpty() ? Normalizer.NONE : new NormalizerChain(links);
  }

  private static Normalizer bert(StageJson json) throws IOException {
    boolean lowersCase = json.flag("lowercase", true);
    return new BertNormalizer(
        json.flag("clean_text", true),
        json.flag("handle_chinese_chars", true),
        json.flag("strip_accents", lowersCase),
        lowersCase);
  }

  private static Normalizer precompiled(StageJson json) throws IOException {
    try {
      var blob = Base64.getDecoder().decode(json.text("precompiled_charsmap"));
      return blob.length == 0 ? Normalizer.NONE : new Precompiled(CharsMap.of(blob));
    } catch (IllegalArgumentException e) {
      throw new IOException(json.place() + ": precompiled_charsmap: " + e.getMessage(), e);
    }
  }
}
