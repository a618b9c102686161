package dev.galen.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Turns text into ids of a vocabulary and back. Implementations are immutable to their callers and
 * safe for use by many threads.
 *
 * <p>{@code encode} never adds tokens of its own (HuggingFace's {@code add_special_tokens=False});
 * {@link #encodeWithSpecialTokens} does.
 */
public interface Tokenizer {

  /**
   * Encodes text that must not contain special tokens: {@link #encode(String, SpecialTokens)} with
   * {@link SpecialTokens#REFUSE}.
   *
   * @throws IllegalArgumentException if the text spells out a special token or holds a lone
   *     surrogate
   */
  default int[] encode(String text) {
    return encode(text, SpecialTokens.REFUSE);
  }

  /**
   * Encodes text.
   *
   * @param policy what to do when the text spells out a special token
   * @return the ids, none for the empty text
   * @throws IllegalArgumentException if the text holds a lone surrogate (the message names its
   *     index), or a special token under {@link SpecialTokens#REFUSE}
   */
  int[] encode(String text, SpecialTokens policy);

  /**
   * Encodes text and puts around it what the files' post-processor says, as HuggingFace's {@code
   * tokenizer(text)} does: {@link #idsBefore}, the text, {@link #idsAfter}.
   *
   * @throws IllegalArgumentException as {@link #encode(String, SpecialTokens)} does
   */
  default int[] encodeWithSpecialTokens(String text, SpecialTokens policy) {
    int[] ids = encode(text, policy);
    int[] before = idsBefore();
    int[] after = idsAfter();
    int[] framed = Arrays.copyOf(before, before.length + ids.length + after.length);
    System.arraycopy(ids, 0, framed, before.length, ids.length);
    System.arraycopy(after, 0, framed, before.length + ids.length, after.length);
    return framed;
  }

  /**
   * Encodes text into tokens with offsets.
   *
   * @param policy what to do when the text spells out a special token
   * @param addSpecialTokens whether to put around it what the files' post-processor says
   * @throws IllegalArgumentException as {@link #encode(String, SpecialTokens)} does
   * @throws UnsupportedOperationException if this tokenizer has no offsets
   */
  default Encoding encode(String text, SpecialTokens policy, boolean addSpecialTokens) {
    throw new UnsupportedOperationException(getClass().getName() + " has no offsets");
  }

  /**
   * Encodes two texts, such as a question and its context, into tokens with offsets, joined as the
   * files' post-processor says; without one they stand side by side.
   *
   * @param policy what to do when a text spells out a special token
   * @param addSpecialTokens whether to put special tokens around them
   * @throws IllegalArgumentException as {@link #encode(String, SpecialTokens)} does
   * @throws UnsupportedOperationException if this tokenizer has no offsets
   */
  default Encoding encode(
      String first, String second, SpecialTokens policy, boolean addSpecialTokens) {
    throw new UnsupportedOperationException(getClass().getName() + " has no offsets");
  }

  /**
   * Encodes one text or two into windows of a length: the first window, then what overflows.
   *
   * @param second the second text, or null for one alone
   * @param policy what to do when a text spells out a special token
   * @param addSpecialTokens whether to put special tokens around the texts of every window
   * @param truncation how they are cut
   * @return the windows; with two texts that are both cut, every window of the one with every
   *     window of the other, as in HuggingFace's library
   * @throws IllegalArgumentException as {@link #encode(String, SpecialTokens)} does, or if the
   *     texts cannot be cut so
   * @throws UnsupportedOperationException if this tokenizer has no offsets
   */
  default List<Encoding> encodeWindows(
      String first,
      String second,
      SpecialTokens policy,
      boolean addSpecialTokens,
      Truncation truncation) {
    throw new UnsupportedOperationException(getClass().getName() + " has no offsets");
  }

  /** How the files say that texts are cut; nothing is cut unless a caller asks for it. */
  default Optional<Truncation> truncation() {
    return Optional.empty();
  }

  /** How the files say that encodings are filled up; nothing is unless a caller asks for it. */
  default Optional<Padding> padding() {
    return Optional.empty();
  }

  /** The ids that the files' post-processor puts in front of every text; most have none. */
  default int[] idsBefore() {
    return new int[0];
  }

  /** The ids that the files' post-processor puts behind every text; most have none. */
  default int[] idsAfter() {
    return new int[0];
  }

  /**
   * Decodes ids, special tokens included. An id without a token, in a hole of the vocabulary or
   * beyond its end where an embedding may have rows to spare, stands for nothing. Bytes that are
   * not UTF-8 become U+FFFD, one for each maximal part of a character, as in HuggingFace's
   * tokenizers and Python's {@code errors="replace"}.
   *
   * @throws IllegalArgumentException if an id is negative
   */
  String decode(int... ids);

  /**
   * The bytes the ids stand for, UTF-8 when the ids are a whole text; none for an id without a
   * token.
   *
   * @throws IllegalArgumentException if an id is negative
   */
  byte[] decodeBytes(int... ids);

  /** The largest id plus one: how many rows an embedding needs. */
  int vocabularySize();

  /** The id of a token as {@link #token} spells it, special or not; empty when there is none. */
  OptionalInt id(String token);

  /**
   * The spelling of a token in the vocabulary file. Byte-level vocabularies spell a space as {@code
   * Ġ}; special tokens stand for themselves.
   *
   * @throws IllegalArgumentException if the vocabulary has no such id
   */
  String token(int id);

  /** The id that ends a text: the files' {@code eos_token}, else {@code <|endoftext|>}. */
  OptionalInt endOfTextId();

  /** The id of the files' {@code bos_token}, which begins a text; none unless they name one. */
  default OptionalInt beginningOfTextId() {
    return OptionalInt.empty();
  }

  /** The id of the files' {@code pad_token}; GPT-2 has none. */
  OptionalInt paddingId();

  /**
   * The files' special tokens by their roles, {@code bos_token}, {@code eos_token} and so on, and a
   * model's own by the names that they have there, such as {@code image_token}: what a chat
   * template knows of them.
   */
  default Map<String, String> specialTokens() {
    return Map.of();
  }

  /**
   * Where the files name a special token that their vocabulary lacks, as file and field; it has got
   * an id behind the vocabulary, for which a model may have no row. Empty for every other id.
   */
  default Optional<String> appendedBy(int id) {
    return Optional.empty();
  }

  /**
   * The same tokenizer with more tokens, HuggingFace's {@code add_tokens}: wherever a text spells
   * one out, in its normalized form, it is that token. Those that are new get the ids behind the
   * vocabulary, for which a model needs rows; one of the vocabulary keeps its id.
   *
   * @throws IllegalArgumentException if one is blank
   * @throws UnsupportedOperationException if this tokenizer takes none
   */
  default Tokenizer withTokens(List<String> tokens) {
    throw new UnsupportedOperationException(getClass().getName() + " takes no new tokens");
  }

  /** A new decoder for one sequence of ids that arrive one by one. */
  StreamingDecoder streamingDecoder();

  /**
   * Writes {@code vocab.json}, {@code merges.txt}, {@code tokenizer.json}, {@code
   * tokenizer_config.json} and {@code special_tokens_map.json}, which HuggingFace's libraries load,
   * with all that the files say from which this tokenizer was loaded: a chat template, a longest
   * length, whatever else. The directory is made if it is missing. The files are replaced as one,
   * and what was there of another tokenizer is removed: a kill, an exception or a full disk at any
   * moment leaves the old tokenizer or the new one.
   *
   * @throws IOException if a file cannot be written
   */
  void save(Path directory) throws IOException;
}
