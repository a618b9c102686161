package dev.galen.bench.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BookTest {
  private static Book book(String... names) {
    return new Book(Stream.of(names).map(n -> Row.of(n, Unit.TIMES, () -> 1)).toList());
  }

  private static List<String> selected(Book book, String... prefixes) {
    return book.select(List.of(prefixes)).stream().map(Row::name).toList();
  }

  @Test
  void selectsByTheBeginningOfNames() {
    Book book = book("decode/f32", "decode/int8", "matmul/a", "matmul/b");
    assertEquals(
        List.of("decode/f32", "matmul/a", "matmul/b"), selected(book, "matmul", "decode/f"));
    assertEquals(4, selected(book).size());
    assertEquals(List.of("matmul/a", "matmul/b"), selected(book, "matmul/geomean"));
  }

  @Test
  void refusesANameThatNoRowHas() {
    var fault =
        assertThrows(
            IllegalArgumentException.class, () -> selected(book("decode/f32"), "decode", "code"));
    assertTrue(fault.getMessage().contains("'code'"), fault.getMessage());
  }

  @Test
  void meansOfProductsStandBeforeThemWhenAllAreThere() {
    Book book = book("decode/f32", "matmul/a", "matmul/b");
    Measured decode = measured("decode/f32", 1, 1);
    Measured a = measured("matmul/a", 2, 0.5);
    Measured b = measured("matmul/b", 8, 2);
    assertEquals(List.of(decode, a), book.withMean(List.of(decode, a)));
    List<Measured> all = book.withMean(List.of(decode, a, b));
    assertEquals("matmul/geomean", all.get(1).name());
    assertEquals(4, all.get(1).value(), 1e-12);
    assertEquals(1, all.get(1).beside().getFirst().ratio(), 1e-12);
  }

  private static Measured measured(String name, double value, double ratio) {
    var beside = List.of(new Measured.Beside("PyTorch", value / ratio, 0.01, ratio));
    return new Measured(name, Unit.GFLOP_PER_SECOND, value, 0.01, 0, Cost.NONE, 1, beside);
  }

  @Test
  void hasARowForEachPromisedFamily() throws IOException {
    List<String> names = Book.of(Peers.none(), Path.of(""), null).names();
    for (String family :
        List.of(
            "train-step/b4-t64",
            "train-step/b4-t256",
            "prefill/512",
            "decode/f32",
            "matmul/geomean",
            "attention/t1024-h64",
            "tokenizer/encode-1-thread",
            "tokenizer/encode-2-threads",
            "load/124m",
            "cold-start",
            "growth/train-tokens",
            "growth/attention-memory/",
            "growth/threads/",
            "steady/heap-bytes-per-step",
            "steady/native-bytes-per-step")) {
      assertTrue(names.stream().anyMatch(name -> name.startsWith(family)), family);
    }
    assertEquals(names.size(), new HashSet<>(names).size());
    assertFalse(names.isEmpty());
  }
}
