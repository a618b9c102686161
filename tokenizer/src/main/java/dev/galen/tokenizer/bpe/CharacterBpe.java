package dev.galen.tokenizer.bpe;

import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.stage.WordCache;
import dev.galen.tokenizer.text.ByteFallback;
import dev.galen.tokenizer.text.Utf8;
import java.nio.charset.StandardCharsets;

/**
 * BPE over characters (Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword
 * Units"): every character is a token, then the pairs merge by rank. A character without a token
 * becomes bytes, the unknown token, or nothing, as the settings say.
 */
public final class CharacterBpe implements TokenModel {

  /**
   * What a model does beside merging.
   *
   * @param unknown the token of characters that have none; null to leave them out
   * @param prefix what tokens are spelled with that do not begin a word; empty for nothing
   * @param suffix what tokens are spelled with that end a word; empty for nothing
   * @param fusesUnknown whether unknown neighbours are one token
   * @param fallsBackToBytes whether unknown characters become tokens such as {@code <0x0A>}
   * @param ignoresMerges whether a whole word that is a token is taken as it is
   */
  public record Settings(
      String unknown,
      String prefix,
      String suffix,
      boolean fusesUnknown,
      boolean fallsBackToBytes,
      boolean ignoresMerges) {}

  private final Vocabulary vocabulary;
  private final Merges merges;
  private final Settings settings;
  private final BpeMerger merger;
  private final ByteFallback bytes;

  /** The ids of single ASCII characters with neither prefix nor suffix, or -1. */
  private final int[] ascii = new int[128];

  private final WordCache cache = new WordCache();

  /** A model. */
  public CharacterBpe(Vocabulary vocabulary, Merges merges, Settings settings) {
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.settings = settings;
    this.merger = new BpeMerger(new int[0], merges.table());
    this.bytes = settings.fallsBackToBytes() ? ByteFallback.of(vocabulary::id) : null;
    for (int c = 0; c < ascii.length; c++) {
      ascii[c] = vocabulary.id(String.valueOf((char) c));
    }
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The merges, best rank first. */
  public Merges merges() {
    return merges;
  }

  /** What it does beside merging. */
  public Settings settings() {
    return settings;
  }

  @Override
  public void encode(byte[] utf8, int start, int end, TokenList tokens) {
    if (start == end || cache.append(utf8, start, end, tokens)) {
      return;
    }
    int first = tokens.ids().size();
    int whole = settings.ignoresMerges() ? vocabulary.id(string(utf8, start, end)) : -1;
    if (whole >= 0) {
      tokens.add(whole, start, end);
    } else {
      var word = new Characters(end - start);
      word.read(utf8, start, end);
      int size = merger.merge(word.ids, word.size, word.lengths);
      int at = start;
      for (int i = 0; i < size; i++) {
        tokens.add(word.ids[i], at, at + word.lengths[i]);
        at += word.lengths[i];
      }
    }
    cache.put(utf8, start, end, tokens, first);
  }

  private static String string(byte[] utf8, int start, int end) {
    return new String(utf8, start, end - start, StandardCharsets.UTF_8);
  }

  /** The tokens of a word's characters, each with its bytes. */
  private final class Characters {

    private final int[] ids;
    private final int[] lengths;
    private int size;

    /** The bytes of the unknown token that is not appended yet; 0 if there is none. */
    private int unknownLength;

    Characters(int capacity) {
      ids = new int[capacity];
      lengths = new int[capacity];
    }

    void read(byte[] utf8, int start, int end) {
      for (int at = start; at < end; ) {
        int next = at + Utf8.length(utf8[at]);
        int id = id(utf8, start, at, next, end);
        if (id >= 0) {
          appendUnknown();
          append(id, next - at);
        } else if (bytes != null && bytes.hasAll(utf8, at, next)) {
          // An unknown token that waits goes behind the bytes: so does the library.
          for (int i = at; i < next; i++) {
            append(bytes.id(utf8[i]), 1);
          }
        } else if (settings.unknown() != null) {
          if (!settings.fusesUnknown()) {
            appendUnknown();
          }
          unknownLength += next - at;
        }
        at = next;
      }
      appendUnknown();
    }

    private int id(byte[] utf8, int start, int at, int next, int end) {
      boolean prefixed = at > start && !settings.prefix().isEmpty();
      boolean suffixed = next == end && !settings.suffix().isEmpty();
      if (!prefixed && !suffixed && utf8[at] >= 0) {
        return ascii[utf8[at]];
      }
      var character = string(utf8, at, next);
      return vocabulary.id(
          (prefixed ? settings.prefix() : "") + character + (suffixed ? settings.suffix() : ""));
    }

    private void appendUnknown() {
      if (unknownLength == 0) {
        return;
      }
      int id = vocabulary.id(settings.unknown());
      if (id < 0) {
        throw new IllegalArgumentException(
            "the vocabulary lacks the unknown token \"%s\", which this text needs"
                .formatted(settings.unknown()));
      }
      append(id, unknownLength);
      unknownLength = 0;
    }

    private void append(int id, int length) {
      ids[size] = id;
      lengths[size++] = length;
    }
  }
}
