package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequences beyond what is held in memory lie in a file, and read as those in memory do. */
class MappedSequencesTest {
  private static final Path STATUS = Path.of("/proc/self/status");

  @TempDir Path folder;

  /** Running text, prompts, labels of their own, and one sequence longer than any chunk. */
  private static TokenSequence sequence(SplittableRandom random, int index, int vocabulary) {
    int length = index == 2000 ? 5_000_000 : random.nextInt(1, 400);
    int[] ids = random.ints(length, 0, vocabulary).toArray();
    return switch (index % 3) {
      case 0 -> TokenSequence.text(ids);
      case 1 -> TokenSequence.prompted(ids, new int[] {1, 2}, index);
      default -> new TokenSequence(ids, random.ints(length, 0, vocabulary).toArray());
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {50_000, 70_000})
  void areThoseThatWereAdded(int vocabulary) throws IOException {
    var builder = TokenSequences.builder(vocabulary, 100_000, folder);
    var random = new SplittableRandom(1);
    for (int i = 0; i < 6000; i++) {
      builder.add(sequence(random, i, vocabulary));
    }
    TokenSequences held = builder.build();
    assertEquals(6000, held.size());
    random = new SplittableRandom(1);
    for (int i = 0; i < 6000; i++) {
      TokenSequence wanted = sequence(random, i, vocabulary);
      assertArrayEquals(wanted.inputIds(), held.get(i).inputIds());
      assertArrayEquals(wanted.labels(), held.get(i).labels());
      assertEquals(wanted.leftOut(), held.leftOut(i));
    }
    try (var files = Files.list(folder)) {
      assertEquals(0, files.count(), "the file has a name");
    }
  }

  /** A disk that is full, or no folder at all, costs memory and nothing else. */
  @Test
  void stayInMemoryWhereThereIsNoFile() {
    var builder = TokenSequences.builder(100, 0, folder.resolve("missing"));
    for (int i = 0; i < 30_000; i++) {
      builder.add(TokenSequence.text(new int[] {i % 100, 7, 8}));
    }
    TokenSequences held = builder.build();
    for (int i = 0; i < 30_000; i++) {
      assertArrayEquals(new int[] {i % 100, 7, 8}, held.get(i).inputIds());
    }
    assertTrue(held.bytes() >= 2 * 3 * 30_000, held.bytes() + " bytes");
  }

  /** 400 MB of ids beside 64 MB that are held. */
  @Test
  void leaveMemoryToOthers() throws IOException {
    assumeTrue(Files.exists(STATUS), "skipped: a process's own memory is read from " + STATUS);
    int[] ids = new SplittableRandom(1).ints(1000, 0, 60_000).toArray();
    long before = anonymous();
    var builder = TokenSequences.builder(60_000);
    for (int i = 0; i < 200_000; i++) {
      builder.add(TokenSequence.text(ids));
    }
    TokenSequences held = builder.build();
    long grown = anonymous() - before;
    assertArrayEquals(ids, held.get(0).inputIds());
    assertArrayEquals(ids, held.get(199_999).inputIds());
    // Up to the bound and one chunk of 8 MB in memory, with 24 bytes a sequence beside them.
    long most = TokenStore.HELD_BYTES + (8 << 20) + 24 * 210_000;
    assertTrue(held.bytes() >= TokenStore.HELD_BYTES, held.bytes() + " bytes");
    assertTrue(held.bytes() <= most, held.bytes() + " bytes, more than " + most);
    assertTrue(grown < 200_000, "the process grew by " + grown + " kB");
  }

  /** Memory of this process that is no file's, in kB. */
  private static long anonymous() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("RssAnon:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no RssAnon in " + STATUS);
  }
}
