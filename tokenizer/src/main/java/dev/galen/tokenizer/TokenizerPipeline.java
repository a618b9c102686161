package dev.galen.tokenizer;

import dev.galen.tokenizer.hf.Limits;
import dev.galen.tokenizer.hf.TokenizerDefinition;
import dev.galen.tokenizer.hf.TokenizerDirectory;
import dev.galen.tokenizer.split.AddedTokens;
import dev.galen.tokenizer.stage.AddedToken;
import dev.galen.tokenizer.stage.ByteDecoder;
import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.stage.Piece;
import dev.galen.tokenizer.stage.Stages;
import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Joins the five stages. Added tokens that are not {@linkplain
 * dev.galen.tokenizer.stage.AddedToken#normalized normalized} are cut out of the text as it is, the
 * others out of the normalized text; then come pre-tokenizer and model, word by word. Encodes in
 * time linear in the text, within what the model takes for a single word.
 */
final class TokenizerPipeline implements Tokenizer {

  private static final byte[] NO_BYTES = {};

  private final TokenizerDefinition definition;
  private final Stages stages;
  private final Vocabulary vocabulary;
  private final AddedTokens verbatim;
  private final AddedTokens normalized;

  /** Whether ids alone take to know where in the text each stretch begins. */
  private final boolean needsPlaces;

  /** What added tokens are decoded to where the normalizer changes them. */
  private final Map<Integer, String> decoded = new HashMap<>();

  /** What each id stands for, null in a hole; null if that depends on the ids beside it. */
  private final byte[][] bytes;

  TokenizerPipeline(TokenizerDefinition definition) {
    this.definition = definition;
    this.stages = definition.stages();
    this.vocabulary = definition.tokens().vocabulary();
    var added = definition.tokens().added();
    this.verbatim = new AddedTokens(added.stream().filter(token -> !token.normalized()).toList());
    this.normalized =
        new AddedTokens(
            added.stream().filter(token -> token.normalized()).toList(), stages.normalizer());
    this.needsPlaces = stages.preTokenizer().needsPlaces();
    this.bytes = stages.decoder() instanceof ByteDecoder decoder ? bytes(decoder) : null;
    if (stages.normalizer() != Normalizer.NONE) {
      for (var token : added) {
        this.decoded.put(token.id(), decoded(token));
      }
    }
  }

  private byte[][] bytes(ByteDecoder decoder) {
    var bytes = new byte[vocabulary.size()][];
    for (int id = 0; id < bytes.length; id++) {
      var token = vocabulary.tokenOrNull(id);
      bytes[id] = token == null ? null : decoder.bytes(token);
    }
    for (var token : definition.tokens().added()) {
      bytes[token.id()] = decoded(token).getBytes(StandardCharsets.UTF_8);
    }
    return bytes;
  }

  /** What an added token is on the way back: what it was found as in the normalized text. */
  private String decoded(AddedToken token) {
    if (!token.normalized() || stages.normalizer() == Normalizer.NONE) {
      return token.content();
    }
    var found = stages.normalizer().normalize(Text.of(token.content()));
    return new String(found.utf8(), StandardCharsets.UTF_8);
  }

  @Override
  public int[] encode(String text, SpecialTokens policy) {
    var utf8 = needsPlaces ? Text.aligned(text) : Text.of(text);
    var tokens = TokenList.ofIds(utf8.length() / 3);
    new EncodingRun(stages, verbatim, normalized, tokens, null).encode(utf8, effective(policy));
    return tokens.ids().toArray();
  }

  @Override
  public Encoding encode(String text, SpecialTokens policy, boolean addSpecialTokens) {
    return Encodings.of(process(List.of(pieces(text, 0, policy)), addSpecialTokens), text);
  }

  @Override
  public Encoding encode(
      String first, String second, SpecialTokens policy, boolean addSpecialTokens) {
    var pieces = List.of(pieces(first, 0, policy), pieces(second, 1, policy));
    return Encodings.of(process(pieces, addSpecialTokens), first, second);
  }

  @Override
  public List<Encoding> encodeWindows(
      String first,
      String second,
      SpecialTokens policy,
      boolean addSpecialTokens,
      Truncation truncation) {
    var texts = second == null ? new String[] {first} : new String[] {first, second};
    var pieces = new ArrayList<List<Piece>>();
    var windows = new Windows(truncation, stages.postProcessor(), addSpecialTokens);
    for (int i = 0; i < texts.length; i++) {
      var words = new IntList(64);
      pieces.add(windows.limit(pieces(texts[i], i, policy, words), words, i));
    }
    var encodings = new ArrayList<Encoding>();
    for (var window : windows.of(pieces)) {
      encodings.add(Encodings.of(window, texts));
    }
    return encodings;
  }

  @Override
  public Optional<Truncation> truncation() {
    return Optional.ofNullable(definition.limits().truncation()).map(TokenizerPipeline::truncation);
  }

  private static Truncation truncation(Limits.Cut cut) {
    return new Truncation(
        cut.maxLength(),
        Truncation.Strategy.valueOf(cut.strategy()),
        cut.stride(),
        cut.left() ? Side.LEFT : Side.RIGHT);
  }

  @Override
  public Optional<Padding> padding() {
    return Optional.ofNullable(definition.limits().padding())
        .map(
            fill ->
                new Padding(
                    fill.length(),
                    fill.multipleOf(),
                    fill.left() ? Side.LEFT : Side.RIGHT,
                    fill.id(),
                    fill.typeId()));
  }

  private List<Piece> pieces(String text, int index, SpecialTokens policy) {
    return pieces(text, index, policy, null);
  }

  private List<Piece> pieces(String text, int index, SpecialTokens policy, IntList words) {
    var aligned = Text.aligned(text);
    var pieces = new ArrayList<Piece>();
    var tokens = TokenList.withPlaces(aligned.length() / 3);
    new EncodingRun(
            stages, verbatim, normalized, tokens, new Places(vocabulary, pieces, index, words))
        .encode(aligned, effective(policy));
    return pieces;
  }

  private List<Piece> process(List<List<Piece>> texts, boolean addSpecialTokens) {
    return stages.postProcessor().process(texts, addSpecialTokens).stream()
        .flatMap(List::stream)
        .toList();
  }

  private SpecialTokens effective(SpecialTokens policy) {
    return policy == SpecialTokens.REFUSE && definition.specialTokensAreText()
        ? SpecialTokens.TEXT
        : policy;
  }

  @Override
  public int[] idsBefore() {
    return stages.postProcessor().before();
  }

  @Override
  public int[] idsAfter() {
    return stages.postProcessor().after();
  }

  @Override
  public String decode(int... ids) {
    return bytes == null ? decodeTokens(ids) : Utf8.decode(decodeBytes(ids));
  }

  private String decodeTokens(int... ids) {
    var tokens = new ArrayList<String>(ids.length);
    for (int id : ids) {
      if (id < 0) {
        throw new IllegalArgumentException("id %d is negative".formatted(id));
      }
      var token = decoded.getOrDefault(id, vocabulary.tokenOrNull(id));
      if (token != null) {
        tokens.add(token);
      }
    }
    return String.join("", stages.decoder().decode(tokens));
  }

  @Override
  public byte[] decodeBytes(int... ids) {
    if (bytes == null) {
      return decodeTokens(ids).getBytes(StandardCharsets.UTF_8);
    }
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
    return vocabulary.size();
  }

  @Override
  public OptionalInt id(String token) {
    int id = vocabulary.id(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public String token(int id) {
    var token = vocabulary.tokenOrNull(id);
    if (token == null) {
      throw new IllegalArgumentException(
          "id %d is no token of this vocabulary, which has ids 0 to %d"
              .formatted(id, vocabulary.size() - 1));
    }
    return token;
  }

  @Override
  public OptionalInt endOfTextId() {
    return id(
        definition.tokens().roles().getOrDefault("eos_token", TokenizerDefinition.END_OF_TEXT));
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
    var token = definition.tokens().roles().get(role);
    return token == null ? OptionalInt.empty() : id(token);
  }

  @Override
  public Map<String, String> specialTokens() {
    var all = new LinkedHashMap<>(definition.tokens().roles());
    all.putAll(definition.tokens().own());
    return Collections.unmodifiableMap(all);
  }

  @Override
  public Optional<String> appendedBy(int id) {
    return Optional.ofNullable(definition.tokens().appended().get(id));
  }

  @Override
  public Tokenizer withTokens(List<String> tokens) {
    for (String token : tokens) {
      if (token.isBlank()) {
        throw new IllegalArgumentException(
            "a new token is \"%s\", must have a character that is no space".formatted(token));
      }
    }
    return new TokenizerPipeline(definition.withTokens(tokens));
  }

  @Override
  public StreamingDecoder streamingDecoder() {
    return bytes == null
        ? new TokenStreamingDecoder(this::decodeTokens)
        : new Utf8StreamingDecoder(this::bytesOf);
  }

  @Override
  public void save(Path directory) throws IOException {
    TokenizerDirectory.write(directory, definition);
  }
}
