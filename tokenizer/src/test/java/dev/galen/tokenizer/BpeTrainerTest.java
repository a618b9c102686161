package dev.galen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tokenizer.bpe.WordCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTrainerTest {

  @TempDir Path directory;

  private static BpeTrainer.Builder size(int vocabularySize) {
    return BpeTrainer.builder().vocabularySize(vocabularySize);
  }

  private List<String> merges(Tokenizer tokenizer) throws IOException {
    tokenizer.save(directory);
    return Files.readAllLines(directory.resolve("merges.txt")).stream().skip(1).toList();
  }

  @Test
  void joinsTheMostFrequentPairFirst() throws IOException {
    // Words: low 5 times, lower twice, newest 6 times, widest 3 times (Sennrich et al. 2016).
    var texts = new ArrayList<String>();
    texts.addAll(Collections.nCopies(5, "low"));
    texts.addAll(Collections.nCopies(2, "lower"));
    texts.addAll(Collections.nCopies(6, "newest"));
    texts.addAll(Collections.nCopies(3, "widest"));
    var merges = merges(size(262).build().train(texts));
    // es and st occur 9 times each, and e has the smaller id than s; est then beats the rest.
    assertEquals(List.of("e s", "es t", "l o", "lo w", "e w", "n ew"), merges);
  }

  @Test
  void breaksTiesByTheSmallerIds() throws IOException {
    assertEquals(
        List.of("a b", "c d", "d c"), merges(size(259).build().train(List.of("dc", "ab", "cd"))));
    assertEquals(List.of("a b", "a c"), merges(size(258).build().train(List.of("ac", "ab"))));
  }

  @Test
  void stopsAtTheMinimalFrequency() throws IOException {
    var texts = List.of("ab", "ab", "ab", "cd", "cd", "ef");
    assertEquals(List.of("a b", "c d", "e f"), merges(size(999).build().train(texts)));
    assertEquals(List.of("a b", "c d"), merges(size(999).minFrequency(2).build().train(texts)));
  }

  @Test
  void neverMergesAcrossWordsOrTexts() throws IOException {
    assertEquals(List.of("Ġ b"), merges(size(999).build().train(List.of("a b b", "b b"))));
  }

  @Test
  void doesNotDependOnTheOrderOfTexts() throws IOException {
    var texts = new ArrayList<>(Fixture.corpus());
    var expected = merges(size(450).build().train(texts));
    for (int seed = 0; seed < 5; seed++) {
      Collections.shuffle(texts, new Random(seed));
      assertEquals(expected, merges(size(450).build().train(texts.stream())));
    }
  }

  @Test
  void numbersSpecialTokensThenBytesThenMerges() {
    var tokenizer =
        size(260).specialTokens("<|endoftext|>", "<|user|>").build().train(List.of("abc", "abc"));
    assertEquals(260, tokenizer.vocabularySize());
    assertEquals(OptionalInt.of(0), tokenizer.endOfTextId());
    assertEquals(OptionalInt.of(1), tokenizer.id("<|user|>"));
    assertEquals("!", tokenizer.token(2));
    assertEquals("Ń", tokenizer.token(257));
    assertEquals("ab", tokenizer.token(258));
    assertEquals("abc", tokenizer.token(259));
    assertArrayEquals(new int[] {259, 1}, tokenizer.encode("abc<|user|>", SpecialTokens.PARSE));
  }

  @Test
  void givesTheBareBytesWithoutACorpus() {
    var tokenizer = size(1000).build().train(List.of());
    assertEquals(256, tokenizer.vocabularySize());
    assertEquals(OptionalInt.empty(), tokenizer.endOfTextId());
    assertEquals("한 🙂", tokenizer.decode(tokenizer.encode("한 🙂")));
  }

  @Test
  void closesTheStream() {
    var closed = new AtomicBoolean();
    size(256).build().train(Stream.of("a").onClose(() -> closed.set(true)));
    assertEquals(true, closed.get());
  }

  @Test
  void refusesImpossibleSettings() {
    assertRefused(
        size(256).specialTokens("<a>"),
        "vocabularySize 256 is too small: the bytes and 1 special tokens take 257");
    assertRefused(size(300).minFrequency(-1), "minFrequency -1 is negative");
    assertRefused(
        size(300).specialTokens("<a>", "<a>"), "a special token is given twice: [<a>, <a>]");
    assertRefused(
        size(300).specialTokens("Ġ"), "special token \"Ġ\" is too short: it needs two characters");
  }

  private static void assertRefused(BpeTrainer.Builder builder, String message) {
    var e = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals(message, e.getMessage());
  }

  @Test
  void refusesALoneSurrogate() {
    var trainer = size(300).build();
    assertThrows(IllegalArgumentException.class, () -> trainer.train(List.of("\uD800")));
  }

  @Test
  void textsMayBeAddedOneByOne() {
    var trainer = BpeTrainer.builder().vocabularySize(300).build();
    var corpus = trainer.corpus();
    Fixture.corpus().forEach(corpus::add);
    var text = "the patient's blood pressure";
    assertArrayEquals(trainer.train(Fixture.corpus()).encode(text), corpus.train().encode(text));
  }

  @Test
  void refusesAWordThatIsNone() {
    var corpus = BpeTrainer.builder().build().corpus();
    var word = "acgt".repeat((WordCounts.LONGEST >> 2) + 1);
    var e = assertThrows(IllegalArgumentException.class, () -> corpus.add("see " + word));
    assertEquals(
        "a word of 16,777,221 bytes begins with \" acgtacgtacgtacgtacg...\"; the longest that a"
            + " tokenizer learns from has 16,777,216: break it up by spaces or line ends, or leave"
            + " it out",
        e.getMessage());
  }

  @Test
  void refusesMoreWordsThanTheHeapHolds() {
    var counts = new WordCounts(3 << 20);
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> {
              for (int i = 0; ; i++) {
                counts.addText("w".repeat(1000) + Integer.toString(i, 26).repeat(2));
              }
            });
    assertTrue(e.getMessage().startsWith("up to here the texts have "), e.getMessage());
    assertTrue(
        e.getMessage().endsWith("give more, for example GALEN_JAVA_OPTS=-Xmx2g, or fewer texts"),
        e.getMessage());
  }
}
