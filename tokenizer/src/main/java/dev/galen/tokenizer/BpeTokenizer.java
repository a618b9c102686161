package dev.galen.tokenizer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * GPT-2's byte-level BPE (Radford et al. 2019, "Language Models are Unsupervised Multitask
 * Learners"): every text has ids, and decodes to itself. Encodes in time linear in the text, within
 * a logarithm for single words of more than 128 bytes.
 *
 * <p>The ids equal those of HuggingFace's {@code tokenizers} with {@code add_special_tokens=False}
 * and neither truncation nor padding. Thread-safe.
 */
public final class BpeTokenizer implements Tokenizer {

  static final String END_OF_TEXT = "<|endoftext|>";

  private static final byte[] NO_BYTES = {};

  private final BpeDefinition definition;
  private final AddedTokens addedTokens;
  private final BpeMerger merger;
  private final WordCache cache = new WordCache();

  /** What each id stands for, null in a hole. */
  private final byte[][] bytes;

  BpeTokenizer(BpeDefinition definition) {
    this.definition = definition;
    this.addedTokens = new AddedTokens(definition.added());
    var byteIds = new int[256];
    for (int b = 0; b < 256; b++) {
      byteIds[b] = definition.model().vocabulary().id(String.valueOf(ByteLevel.character(b)));
    }
    this.merger = new BpeMerger(byteIds, definition.model().merges().table());
    this.bytes = new byte[definition.vocabulary().size()][];
    for (int id = 0; id < bytes.length; id++) {
      var token = definition.vocabulary().tokenOrNull(id);
      bytes[id] = token == null ? null : ByteLevel.bytes(token);
    }
    for (var token : definition.added()) {
      bytes[token.id()] = token.content().getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * Loads a tokenizer in one of HuggingFace's layouts: {@code tokenizer.json}, or else {@code
   * vocab.json} with {@code merges.txt} (OpenAI's names {@code encoder.json} and {@code vocab.bpe}
   * do as well). Special tokens are those of {@code tokenizer.json}, {@code tokenizer_config.json},
   * {@code special_tokens_map.json} and {@code added_tokens.json}; beside a bare vocabulary {@code
   * <|endoftext|>} is special. Those that are named but have no id get the next ones, in the order
   * in which transformers gives them: see {@link #appendedBy}.
   *
   * @throws IOException if files are missing or malformed, or ask for something that this class
   *     would not do exactly as HuggingFace's library does; the message is one line that names file
   *     and place
   */
  public static BpeTokenizer load(Path directory) throws IOException {
    return new BpeTokenizer(TokenizerDirectory.read(directory));
  }

  @Override
  public int[] encode(String text, SpecialTokens policy) {
    if (policy == SpecialTokens.REFUSE && definition.specialTokensAreText()) {
      policy = SpecialTokens.TEXT;
    }
    var utf8 = Utf8.encode(text);
    var ids = new IntList(utf8.length / 3);
    encodePass(0, utf8, 0, utf8.length, policy, ids);
    return ids.toArray();
  }

  /** Cuts out the added tokens of one pass, and gives the stretches between them to the next. */
  private void encodePass(
      int pass, byte[] utf8, int start, int end, SpecialTokens policy, IntList ids) {
    if (pass == addedTokens.passes()) {
      encodeStretch(utf8, start, end, ids);
      return;
    }
    int at = start;
    for (var match : addedTokens.find(pass, utf8, start, end, policy)) {
      if (at < match.start()) {
        encodePass(pass + 1, utf8, at, match.start(), policy, ids);
      }
      ids.add(match.id());
      at = match.end();
    }
    encodePass(pass + 1, utf8, at, end, policy, ids);
  }

  /** Encodes a stretch of text that has no added tokens. */
  private void encodeStretch(byte[] utf8, int start, int end, IntList ids) {
    if (start < end && definition.addPrefixSpace() && utf8[start] != ' ') {
      var prefixed = new byte[end - start + 1];
      prefixed[0] = ' ';
      System.arraycopy(utf8, start, prefixed, 1, end - start);
      encodeWords(prefixed, 0, prefixed.length, ids);
    } else {
      encodeWords(utf8, start, end, ids);
    }
  }

  private void encodeWords(byte[] utf8, int start, int end, IntList ids) {
    int word = start;
    while (word < end) {
      int wordEnd = PreTokenizer.wordEnd(utf8, word, end);
      if (!cache.append(utf8, word, wordEnd, ids)) {
        var merged = mergeWord(utf8, word, wordEnd);
        cache.put(utf8, word, wordEnd, merged);
        ids.addAll(merged);
      }
      word = wordEnd;
    }
  }

  private int[] mergeWord(byte[] utf8, int start, int end) {
    if (definition.model().ignoreMerges()) {
      int whole = definition.model().vocabulary().id(ByteLevel.spell(utf8, start, end));
      if (whole >= 0) {
        return new int[] {whole};
      }
    }
    return merger.merge(utf8, start, end);
  }

  @Override
  public int[] idsBefore() {
    return definition.frame().before().clone();
  }

  @Override
  public int[] idsAfter() {
    return definition.frame().after().clone();
  }

  @Override
  public String decode(int... ids) {
    return Utf8.decode(decodeBytes(ids));
  }

  @Override
  public byte[] decodeBytes(int... ids) {
    var out = new ByteArrayOutputStream(4 * ids.length);
    for (int id : ids) {
      out.writeBytes(bytesOf(id));
    }
    return out.toByteArray();
  }

  /** The bytes of an id; none where there is no token, for a model may well say such an id. */
  private byte[] bytesOf(int id) {
    if (id < 0) {
      throw new IllegalArgumentException("id %d is negative".formatted(id));
    }
    return id < bytes.length && bytes[id] != null ? bytes[id] : NO_BYTES;
  }

  @Override
  public int vocabularySize() {
    return definition.vocabulary().size();
  }

  @Override
  public OptionalInt id(String token) {
    int id = definition.vocabulary().id(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public String token(int id) {
    var token = definition.vocabulary().tokenOrNull(id);
    if (token == null) {
      throw new IllegalArgumentException(
          "id %d is no token of this vocabulary, which has ids 0 to %d"
              .formatted(id, bytes.length - 1));
    }
    return token;
  }

  @Override
  public OptionalInt endOfTextId() {
    return id(definition.roles().getOrDefault("eos_token", END_OF_TEXT));
  }

  @Override
  public OptionalInt beginningOfTextId() {
    return idOf("bos_token");
  }

  @Override
  public OptionalInt paddingId() {
    return idOf("pad_token");
  }

  private OptionalInt idOf(String role) {
    var token = definition.roles().get(role);
    return token == null ? OptionalInt.empty() : id(token);
  }

  @Override
  public Optional<String> appendedBy(int id) {
    return Optional.ofNullable(definition.appended().get(id));
  }

  @Override
  public StreamingDecoder streamingDecoder() {
    return new Utf8StreamingDecoder(this::bytesOf);
  }

  @Override
  public void save(Path directory) throws IOException {
    TokenizerDirectory.write(directory, definition);
  }
}
