package dev.galen.tokenizer.normalize;

import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.Text;
import java.util.List;

/**
 * Normalizers one behind the other.
 *
 * @param links the normalizers in their order
 */
public record NormalizerChain(List<Normalizer> links) implements Normalizer {

  @Override
  public Text normalize(Text text) {
    for (var link : links) {
      text = link.normalize(text);
    }
    return text;
  }
}
