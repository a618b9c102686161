package dev.galen.train.data;

import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.StreamingDecoder;
import dev.galen.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One id for each word with the white space before it, given out as words are met, so that lengths
 * can be counted by hand. Id 0 is end of text.
 */
public final class WordTokenizer implements Tokenizer {

  public static final int END = 0;
  private static final Pattern WORD = Pattern.compile("\\s*\\S+|\\s+");

  private final List<String> words = new ArrayList<>(List.of("<|endoftext|>"));
  private final int[] before;
  private final int[] after;

  public WordTokenizer() {
    this(new int[0], new int[0]);
  }

  /** With ids that a post-processor puts around every text. */
  WordTokenizer(int[] before, int[] after) {
    this.before = before;
    this.after = after;
    IntStream.concat(Arrays.stream(before), Arrays.stream(after))
        .distinct()
        .filter(id -> id > END)
        .sorted()
        .forEach(id -> words.add("<" + id + ">"));
  }

  @Override
  public int[] idsBefore() {
    return before.clone();
  }

  @Override
  public int[] idsAfter() {
    return after.clone();
  }

  @Override
  public int[] encode(String text, SpecialTokens policy) {
    return WORD.matcher(text).results().mapToInt(word -> idOf(word.group())).toArray();
  }

  private int idOf(String word) {
    if (!words.contains(word)) {
      words.add(word);
    }
    return words.indexOf(word);
  }

  @Override
  public String decode(int... ids) {
    return Arrays.stream(ids).mapToObj(words::get).collect(Collectors.joining());
  }

  @Override
  public byte[] decodeBytes(int... ids) {
    return decode(ids).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int vocabularySize() {
    return words.size();
  }

  @Override
  public OptionalInt id(String token) {
    return words.contains(token) ? OptionalInt.of(words.indexOf(token)) : OptionalInt.empty();
  }

  @Override
  public String token(int id) {
    return words.get(id);
  }

  @Override
  public OptionalInt endOfTextId() {
    return OptionalInt.of(END);
  }

  @Override
  public OptionalInt paddingId() {
    return OptionalInt.empty();
  }

  @Override
  public StreamingDecoder streamingDecoder() {
    throw new AssertionError("data is encoded, never streamed");
  }

  @Override
  public void save(Path directory) {
    throw new AssertionError("data is encoded, never saved");
  }
}
