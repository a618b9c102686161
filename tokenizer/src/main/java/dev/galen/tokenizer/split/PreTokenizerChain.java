package dev.galen.tokenizer.split;

import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.text.Text;
import java.util.List;

/**
 * Cuts one behind the other, each into the words of the one before.
 *
 * @param links the cuts in their order
 */
public record PreTokenizerChain(List<PreTokenizer> links) implements PreTokenizer {

  @Override
  public boolean needsPlaces() {
    for (var link : links) {
      if (link.needsPlaces()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void split(Text text, int start, int end, Words words) {
    split(0, text, start, end, words);
  }

  private void split(int link, Text text, int start, int end, Words words) {
    if (link == links.size()) {
      words.add(text, start, end);
    } else {
      links
          .get(link)
          .split(text, start, end, (part, from, to) -> split(link + 1, part, from, to, words));
    }
  }
}
