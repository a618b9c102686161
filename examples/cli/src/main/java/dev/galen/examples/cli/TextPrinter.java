package dev.galen.examples.cli;

import static java.util.stream.Collectors.joining;

import dev.galen.tokenizer.StreamingDecoder;
import dev.galen.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Prints the prompt, when it turned out to be a good one, and then each character as soon as all of
 * its bytes are there; ids, where there is no tokenizer.
 */
final class TextPrinter implements IntConsumer {
  private final CommonOptions common;
  private final Optional<String> promptText;
  private final int[] promptIds;
  private final Optional<Tokenizer> tokenizer;
  private final Optional<StreamingDecoder> decoder;
  private final Set<Integer> ends;
  private boolean begun;

  /**
   * @param promptText the prompt as it was given; empty where ids were
   * @param ends what ends a text, and is not printed
   */
  TextPrinter(
      CommonOptions common,
      Optional<String> promptText,
      int[] promptIds,
      Optional<Tokenizer> tokenizer,
      Set<Integer> ends) {
    this.common = common;
    this.promptText = promptText;
    this.promptIds = promptIds;
    this.tokenizer = tokenizer;
    this.decoder = tokenizer.map(Tokenizer::streamingDecoder);
    this.ends = ends;
  }

  @Override
  public void accept(int id) {
    begin();
    if (tokenizer.isEmpty()) {
      common.stream(" " + id);
    } else if (isSpoken(tokenizer.get(), id)) {
      common.stream(decoder.get().push(id));
    }
  }

  private void begin() {
    if (!begun) {
      begun = true;
      common.stream(begun());
    }
  }

  private String begun() {
    if (tokenizer.isEmpty()) {
      return Arrays.stream(promptIds).mapToObj(Integer::toString).collect(joining(" "));
    }
    return promptText.orElseGet(() -> text(tokenizer.get(), promptIds));
  }

  void finish() {
    begin();
    common.stream(decoder.map(StreamingDecoder::finish).orElse("") + System.lineSeparator());
  }

  /** Prompt and continuation as a text, without what the post-processor puts around a prompt. */
  String whole(Tokenizer words, int[] ids) {
    if (promptText.isEmpty()) {
      return text(words, ids);
    }
    int end = promptIds.length - words.idsAfter().length;
    int[] shown =
        IntStream.range(words.idsBefore().length, ids.length)
            .filter(i -> i < end || i >= promptIds.length)
            .map(i -> ids[i])
            .toArray();
    return text(words, shown);
  }

  /** The text of ids without ends. */
  String text(Tokenizer words, int[] ids) {
    return words.decode(Arrays.stream(ids).filter(id -> isSpoken(words, id)).toArray());
  }

  /** Neither the end of the text nor a row that only fills up the embedding. */
  private boolean isSpoken(Tokenizer words, int id) {
    return !ends.contains(id) && id < words.vocabularySize();
  }
}
