package dev.galen.examples.clinical.augment;

import dev.galen.model.Generative;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.generate.Continuation;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A sequence-to-sequence model that says sentences in other words or another language. */
final class Translator {
  private static final int MOST_TOKENS = 256;

  private final Generator generator;
  private final Tokenizer tokenizer;
  private final Set<Integer> ends;
  private final int longest;
  private final String prefix;

  /** The model of a directory, whose inputs begin with {@code prefix}. */
  static Translator load(Path directory, String prefix) throws IOException {
    return new Translator(
        Pretrained.load(directory, Device.CPU, Seq2SeqLm.class), directory, prefix);
  }

  private Translator(Pretrained<Seq2SeqLm> pretrained, Path directory, String prefix)
      throws IOException {
    tokenizer =
        pretrained
            .tokenizer()
            .orElseThrow(
                () ->
                    new IOException(
                        directory + ": has no tokenizer; expected one beside the model"));
    ends = pretrained.directory().endOfTextIds(Optional.of(tokenizer));
    ((Generative) pretrained.model()).setEndOfTextIds(ends);
    generator = new Generator(pretrained.model());
    longest = pretrained.model().maxLength();
    this.prefix = prefix;
  }

  /** What becomes of each sentence, greedily; null for one that is too long for the model. */
  synchronized List<String> translate(List<String> sentences) {
    List<String> translated = new ArrayList<>();
    for (String sentence : sentences) {
      if (sentence == null) {
        translated.add(null);
        continue;
      }
      int[] ids = tokenizer.encodeWithSpecialTokens(prefix + sentence, SpecialTokens.TEXT);
      if (ids.length > longest || ids.length > MOST_TOKENS) {
        translated.add(null);
        continue;
      }
      int most = Math.min(MOST_TOKENS, 2 * ids.length + 16);
      List<Continuation> made = generator.generate(List.of(ids), GenerationConfig.greedy(most));
      translated.add(text(made.getFirst().newIds()));
    }
    return translated;
  }

  private String text(int[] ids) {
    int length = ids.length;
    while (length > 0 && ends.contains(ids[length - 1])) {
      length--;
    }
    return tokenizer.decode(Arrays.copyOf(ids, length)).strip();
  }
}
