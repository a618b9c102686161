package dev.galen.tokenizer.bpe;

import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.stage.WordCache;
import dev.galen.tokenizer.text.ByteLevel;

/** Byte-level BPE: remembers the words of late, and merges the bytes of others by rank. */
public final class ByteLevelBpe implements TokenModel {

  private final Vocabulary vocabulary;
  private final Merges merges;
  private final boolean ignoreMerges;
  private final BpeMerger merger;
  private final WordCache cache = new WordCache();

  /**
   * A model.
   *
   * @param vocabulary its tokens, in byte-level spelling
   * @param merges its merges, best rank first
   * @param ignoreMerges whether a whole word that is a token is taken as it is
   */
  public ByteLevelBpe(Vocabulary vocabulary, Merges merges, boolean ignoreMerges) {
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.ignoreMerges = ignoreMerges;
    var byteIds = new int[256];
    for (int b = 0; b < 256; b++) {
      byteIds[b] = vocabulary.id(String.valueOf(ByteLevel.character(b)));
    }
    this.merger = new BpeMerger(byteIds, merges.table());
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  public Merges merges() {
    return merges;
  }

  public boolean ignoresMerges() {
    return ignoreMerges;
  }

  @Override
  public void encode(byte[] utf8, int start, int end, TokenList tokens) {
    IntList ids = tokens.ids();
    int from = ids.size();
    if (!cache.append(utf8, start, end, ids)) {
      int[] merged = merge(utf8, start, end);
      cache.put(utf8, start, end, merged);
      ids.addAll(merged);
    }
    if (tokens.hasPlaces()) {
      appendPlaces(ids, from, start, tokens);
    }
  }

  private int[] merge(byte[] utf8, int start, int end) {
    if (ignoreMerges) {
      int whole = vocabulary.id(ByteLevel.spell(utf8, start, end));
      if (whole >= 0) {
        return new int[] {whole};
      }
    }
    return merger.merge(utf8, start, end);
  }

  /** A token has as many bytes as its spelling has characters. */
  private void appendPlaces(IntList ids, int from, int start, TokenList tokens) {
    int at = start;
    for (int i = from; i < ids.size(); i++) {
      int end = at + vocabulary.tokenOrNull(ids.get(i)).length();
      tokens.addPlace(at, end);
      at = end;
    }
  }
}
