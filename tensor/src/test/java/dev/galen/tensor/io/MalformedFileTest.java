package dev.galen.tensor.io;

import static dev.galen.tensor.io.RawFile.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a file can be wrong, and what we say about it. */
final class MalformedFileTest {
  @TempDir Path dir;

  /** A file and what its error must say after the path. */
  private record Case(String kind, MemorySegment file, String message) {
    Case(String kind, byte[] bytes, String message) {
      this(kind, MemorySegment.ofArray(bytes), message);
    }
  }

  private static Case header(String kind, String header, int dataBytes, String message) {
    return new Case(kind, RawFile.of(header, dataBytes), message);
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static List<Case> frames() {
    return List.of(
        new Case("empty file", new byte[0], "this one has only 0 bytes"),
        new Case("seven bytes", new byte[7], "this one has only 7 bytes"),
        new Case("no header", new byte[8], "the header must start with '{', found nothing"),
        new Case(
            "header one byte past the end",
            RawFile.ofLength(3, latin1("{}"), 0),
            "header's length is given as 3 bytes, but only 2 follow; the file is truncated"),
        new Case(
            "header past the limit",
            RawFile.ofLength(100_000_001, latin1("{}"), 0),
            "header's length is given as 100000001 bytes, more than the 100000000"),
        new Case(
            "header of 2^63 bytes",
            RawFile.ofLength(Long.MIN_VALUE, latin1("{}"), 0),
            "given as 9223372036854775808 bytes, more than"),
        new Case(
            "header of 2^64-1 bytes",
            RawFile.ofLength(-1, latin1("{}"), 0),
            "given as 18446744073709551615 bytes, more than"),
        new Case("text file", latin1("Once upon a time, there was a model.\n"), "bytes, more than"),
        new Case(
            "stray continuation byte",
            RawFile.of(latin1("{\"\u0080\":1}"), 0),
            "the header is not valid UTF-8"),
        new Case(
            "overlong slash",
            RawFile.of(latin1("{\"\u00c0\u00af\":1}"), 0),
            "the header is not valid UTF-8"),
        new Case(
            "surrogate in UTF-8",
            RawFile.of(latin1("{\"\u00ed\u00a0\u0080\":1}"), 0),
            "the header is not valid UTF-8"));
  }

  private static List<Case> texts() {
    return List.of(
        header("only spaces", "  \n", 0, "must start with '{', found nothing"),
        header("zero before the header", "\0{}", 0, "must start with '{', found byte 0x00"),
        header("array", "[]", 0, "must start with '{', found byte 0x5b"),
        header("byte order mark", "\ufeff{}", 0, "must start with '{', found byte 0xef"),
        header("not JSON", "{oops}", 0, "the header is not valid JSON near character"),
        header("single quotes", "{'a':1}", 0, "the header is not valid JSON near character"),
        header("comment", "{/**/}", 0, "the header is not valid JSON near character"),
        header("trailing comma", "{\"__metadata__\":{},}", 0, "the header is not valid JSON"),
        header("unclosed", "{\"a\":{\"dtype\":\"U8\"", 0, "the header is not valid JSON"),
        header("unclosed shape", "{\"a\":{\"shape\":[1,", 0, "the header is not valid JSON"),
        header("NaN", "{\"a\":{\"shape\":[NaN]}}", 0, "the header is not valid JSON"),
        header("deep nesting", "{\"a\":{\"b\":" + "[".repeat(2000), 0, "is not valid JSON"),
        header("long number", "{\"a\":{\"shape\":[" + "9".repeat(5000) + "]}}", 0, "valid JSON"),
        header("two objects", "{}{}", 0, "the header goes on after its closing brace with \"{\""),
        header("zeros as padding", "{}\0\0", 0, "the header is not valid JSON"),
        header("half a surrogate pair", "{\"\\ud800\":1}", 0, "a key with half a surrogate pair"));
  }

  private static List<Case> metadata() {
    return List.of(
        header(
            "metadata is a list",
            "{\"__metadata__\":[]}",
            0,
            "__metadata__: expected an object, found an array"),
        header(
            "metadata holds a number",
            "{\"__metadata__\":{\"epoch\":3}}",
            0,
            "__metadata__ \"epoch\": expected a string, found \"3\""),
        header(
            "metadata holds an object",
            "{\"__metadata__\":{\"a\":{}}}",
            0,
            "__metadata__ \"a\": expected a string, found an object"),
        header(
            "metadata value is null",
            "{\"__metadata__\":{\"a\":null}}",
            0,
            "__metadata__ \"a\": expected a string, found \"null\""),
        header(
            "metadata twice",
            "{\"__metadata__\":null,\"__metadata__\":{}}",
            0,
            "__metadata__ is in the header twice"));
  }

  private static List<Case> entries() {
    return List.of(
        header(
            "entry is a number", "{\"a\":1}", 0, "tensor \"a\": expected an object, found \"1\""),
        header(
            "no dtype",
            "{\"a\":{\"shape\":[1],\"data_offsets\":[0,1]}}",
            1,
            "tensor \"a\" has no dtype"),
        header(
            "no shape",
            "{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}",
            1,
            "tensor \"a\" has no shape"),
        header(
            "no offsets",
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}",
            1,
            "tensor \"a\" has no data_offsets"),
        header(
            "dtype twice",
            "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}",
            1,
            "tensor \"a\" has dtype twice"),
        header(
            "dtype a number",
            "{\"a\":{\"dtype\":8}}",
            1,
            "tensor \"a\": dtype: expected a string, found \"8\""),
        header(
            "dtype unknown",
            "{" + tensor("a", "float32", "[1]", 0, 4) + "}",
            4,
            "tensor \"a\": unknown dtype \"float32\"; Galen computes with [F32, F64"),
        header(
            "dtype in lower case",
            "{" + tensor("a", "f32", "[1]", 0, 4) + "}",
            4,
            "tensor \"a\": unknown dtype \"f32\"; Galen computes with"),
        header(
            "dtype F8 of a wrong size",
            "{" + tensor("a", "F8_E4M3", "[2]", 0, 1) + "}",
            1,
            "data_offsets [0, 1] span 1 bytes, but shape [2] of F8_E4M3 takes 2"),
        header(
            "dtype F4 ends within a byte",
            "{" + tensor("a", "F4", "[3]", 0, 2) + "}",
            2,
            "tensor \"a\": shape [3] of F4 ends within a byte"),
        header(
            "dtype F6 ends within a byte",
            "{" + tensor("a", "F6_E2M3", "[3]", 0, 3) + "}",
            3,
            "tensor \"a\": shape [3] of F6_E2M3 ends within a byte"),
        header(
            "shape a number",
            "{" + tensor("a", "U8", "1", 0, 1) + "}",
            1,
            "tensor \"a\": shape: expected an array, found \"1\""),
        header(
            "shape of text",
            "{" + tensor("a", "U8", "[\"1\"]", 0, 1) + "}",
            1,
            "tensor \"a\": shape: expected an integer, found the string \"1\""),
        header(
            "shape of a fraction",
            "{" + tensor("a", "U8", "[1.0]", 0, 1) + "}",
            1,
            "tensor \"a\": shape: expected an integer, found \"1.0\""),
        header(
            "shape nested",
            "{" + tensor("a", "U8", "[[1]]", 0, 1) + "}",
            1,
            "tensor \"a\": shape: expected an integer, found an array"),
        header(
            "dimension negative",
            "{" + tensor("a", "U8", "[-1]", 0, 1) + "}",
            1,
            "tensor \"a\": dimension \"-1\" of its shape is out of range, expected 0 to"),
        header(
            "dimension of 2^31",
            "{" + tensor("a", "U8", "[2147483648]", 0, 1) + "}",
            1,
            "tensor \"a\": dimension \"2147483648\" of its shape is out of range"),
        header(
            "dimension of 2^64",
            "{" + tensor("a", "U8", "[18446744073709551616]", 0, 1) + "}",
            1,
            "tensor \"a\": dimension \"18446744073709551616\" of its shape is out of range"),
        header(
            "shape overflows",
            "{" + tensor("a", "U8", "[2147483647,2147483647]", 0, 1) + "}",
            1,
            "tensor \"a\": its shape overflows: dimensions [2147483647] and then 2147483647"),
        header(
            "size overflows",
            "{" + tensor("a", "F64", "[2147483647,1073741825]", 0, 8) + "}",
            8,
            "tensor \"a\": its shape overflows: dimensions [2147483647] and then 1073741825"));
  }

  private static List<Case> offsets() {
    String a = tensor("a", "U8", "[4]", 0, 4);
    return List.of(
        header(
            "one offset",
            "{\"a\":{\"data_offsets\":[0]}}",
            1,
            "tensor \"a\": data_offsets: expected 2 integers, found 1"),
        header(
            "three offsets",
            "{\"a\":{\"data_offsets\":[0,1,2]}}",
            1,
            "tensor \"a\": data_offsets: expected 2 integers, found 3"),
        header(
            "negative offset",
            "{" + tensor("a", "U8", "[1]", -1, 0) + "}",
            1,
            "tensor \"a\": data_offsets: \"-1\" is out of range, the file has 1 bytes of data"),
        header(
            "offset of 2^64",
            "{\"a\":{\"data_offsets\":[0,18446744073709551616]}}",
            1,
            "tensor \"a\": data_offsets: \"18446744073709551616\" is out of range"),
        header(
            "reversed",
            "{" + tensor("a", "U8", "[4]", 4, 0) + "}",
            4,
            "tensor \"a\": data_offsets [4, 0] end before they begin"),
        header(
            "past the end",
            "{" + a + "}",
            3,
            "tensor \"a\": data_offsets [0, 4] reach past the end of the file, which has 3 bytes"),
        header(
            "offset of 2^63-1",
            "{" + tensor("a", "U8", "[4]", 0, Long.MAX_VALUE) + "}",
            4,
            "data_offsets [0, 9223372036854775807] reach past the end of the file"),
        header(
            "fewer bytes than the shape",
            "{" + tensor("a", "F32", "[2,3]", 0, 20) + "}",
            20,
            "tensor \"a\": data_offsets [0, 20] span 20 bytes, but shape [2, 3] of F32 takes 24"),
        header(
            "more bytes than the shape",
            "{" + tensor("a", "F16", "[2]", 0, 5) + "}",
            5,
            "tensor \"a\": data_offsets [0, 5] span 5 bytes, but shape [2] of F16 takes 4"),
        header(
            "scalar of no bytes",
            "{" + tensor("a", "F32", "[]", 0, 0) + "}",
            0,
            "tensor \"a\": data_offsets [0, 0] span 0 bytes, but shape [] of F32 takes 4"),
        header(
            "bytes for an empty shape",
            "{" + tensor("a", "U8", "[0,7]", 0, 4) + "}",
            4,
            "tensor \"a\": data_offsets [0, 4] span 4 bytes, but shape [0, 7] of U8 takes 0"),
        header(
            "overlap",
            "{" + a + "," + tensor("b", "U8", "[4]", 2, 6) + "}",
            6,
            "tensor \"b\": data_offsets [2, 6] overlap tensor \"a\", which ends at 4"),
        header(
            "the same bytes twice",
            "{" + a + "," + tensor("b", "I32", "[1]", 0, 4) + "}",
            4,
            "tensor \"b\": data_offsets [0, 4] overlap tensor \"a\", which ends at 4"),
        header(
            "empty inside another",
            "{" + a + "," + tensor("b", "U8", "[0]", 2, 2) + "}",
            4,
            "tensor \"b\": data_offsets [2, 2] overlap tensor \"a\", which ends at 4"),
        header(
            "hole at the start",
            "{" + tensor("a", "U8", "[4]", 1, 5) + "}",
            5,
            "tensor \"a\": data_offsets [1, 5] leave a hole of 1 bytes before them"),
        header(
            "hole between",
            "{" + a + "," + tensor("b", "U8", "[1]", 6, 7) + "}",
            7,
            "tensor \"b\": data_offsets [6, 7] leave a hole of 2 bytes before them, expected"
                + " them to begin at 4"),
        header(
            "trailing bytes",
            "{" + a + "}",
            5,
            "the tensors end after 4 bytes of data, but the file has 1 trailing bytes after them"),
        header("data and no tensor", "{}", 3, "the file has 3 trailing bytes after them"),
        header(
            "tensor twice",
            "{" + a + "," + tensor("a", "U8", "[4]", 4, 8) + "}",
            8,
            "tensor \"a\" is in the header twice, and differently"),
        header(
            "tensor twice, the second of another type",
            "{" + a + "," + tensor("a", "I32", "[1]", 0, 4) + "}",
            4,
            "tensor \"a\" is in the header twice, and differently"),
        header(
            "a name of control characters",
            "{\"a\\nb\\u0007\":1}",
            0,
            "tensor \"a\\u000ab\\u0007\": expected an object"),
        header(
            "an endless name",
            "{\"" + "n".repeat(70_000) + "\":1}",
            0,
            "tensor \"" + "n".repeat(120) + "...\": expected an object"));
  }

  @TestFactory
  List<DynamicTest> everyKindHasItsLine() {
    var cases = new ArrayList<Case>();
    List.of(frames(), texts(), metadata(), entries(), offsets()).forEach(cases::addAll);
    return cases.stream().map(c -> DynamicTest.dynamicTest(c.kind(), () -> check(c))).toList();
  }

  private void check(Case c) throws IOException {
    Path path =
        RawFile.write(dir.resolve("model.safetensors"), c.file().toArray(ValueLayout.JAVA_BYTE));
    var e = assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(path).close());
    assertTrue(e.getMessage().startsWith(path + ": "), e.getMessage());
    assertTrue(e.getMessage().contains(c.message()), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), "one line: " + e.getMessage());
    assertTrue(e.getMessage().length() < 500 + path.toString().length(), e.getMessage());
  }

  @Test
  void missingFilesAndDirectoriesAreNamed() {
    Path absent = dir.resolve("absent.safetensors");
    var e = assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(absent));
    assertEquals(absent + ": no such file or folder", e.getMessage());
    e = assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(dir));
    assertEquals(dir + ": expected a safetensors file, found a directory", e.getMessage());
  }
}
