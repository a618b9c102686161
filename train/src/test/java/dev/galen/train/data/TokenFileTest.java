package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {
  @TempDir Path folder;

  private static TokenSequences sequences(int vocabulary, int count) {
    var builder = TokenSequences.builder(vocabulary);
    for (int i = 0; i < count; i++) {
      int[] ids = new int[1 + i % 7];
      Arrays.fill(ids, i % Math.min(vocabulary, 90_000));
      int[] labels = ids.clone();
      labels[0] = i % 3 == 0 ? -100 : labels[0];
      builder.add(
          i % 5 == 0
              ? new TokenSequence(ids, new int[] {i % 2}, 0, ids.clone(), null)
              : new TokenSequence(ids, labels, i % 4));
    }
    return builder.build();
  }

  private static void assertSame(List<TokenSequence> expected, List<TokenSequence> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i).inputIds(), actual.get(i).inputIds());
      assertArrayEquals(expected.get(i).labels(), actual.get(i).labels());
      assertArrayEquals(expected.get(i).tokenTypes(), actual.get(i).tokenTypes());
      assertArrayEquals(expected.get(i).attentionMask(), actual.get(i).attentionMask());
      assertEquals(expected.get(i).leftOut(), actual.get(i).leftOut());
    }
  }

  /** Two bytes an id, and four; of one chunk, and of several. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 4096, 9001})
  void whatIsWrittenIsReadWhereItIsMapped(int count) throws IOException {
    for (int vocabulary : new int[] {300, 100_000}) {
      Path file = folder.resolve(vocabulary + ".tokens");
      TokenSequences written = sequences(vocabulary, count);
      TokenFile.write(file, written, "a note, größer");
      TokenFile.Content content = TokenFile.open(file).orElseThrow();
      assertEquals("a note, größer", content.note());
      assertSame(written, content.sequences());
      assertEquals(0, content.sequences().bytes());
      assertSame(written.byLength(), content.sequences().byLength());
    }
  }

  @Test
  void anOrderIsWrittenAsItStands() throws IOException {
    Path file = folder.resolve("order.tokens");
    TokenSequences some = sequences(300, 50).select(4, 2, 2, 40);
    TokenFile.write(file, some, "");
    assertSame(some, TokenFile.open(file).orElseThrow().sequences());
  }

  @Test
  void manyChunksKeepTheirPlaces() throws IOException {
    var builder = TokenSequences.builder(100, 0, folder);
    for (int i = 0; i < 3000; i++) {
      int[] ids = new int[1 + i % 100];
      Arrays.fill(ids, i % 100);
      builder.add(TokenSequence.text(ids));
    }
    TokenSequences written = builder.build();
    Path file = folder.resolve("chunks.tokens");
    TokenFile.write(file, written, "n");
    assertSame(written, TokenFile.open(file).orElseThrow().sequences());
  }

  @Test
  void whatIsNotWholeIsNoFile() throws IOException {
    Path file = folder.resolve("a.tokens");
    assertTrue(TokenFile.open(file).isEmpty());
    TokenFile.write(file, sequences(300, 40), "note");
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 64, whole.length / 2, whole.length - 8, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertTrue(TokenFile.open(file).isEmpty(), length + " bytes");
    }
    for (int at = 0; at < whole.length; at += 13) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 4;
      Files.write(file, damaged);
      assertTrue(TokenFile.open(file).isEmpty(), "byte " + at);
    }
    Files.write(file, whole);
    assertEquals(40, TokenFile.open(file).orElseThrow().sequences().size());
  }
}
