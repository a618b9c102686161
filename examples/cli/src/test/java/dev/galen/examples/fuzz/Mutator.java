package dev.galen.examples.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Damages bytes and JSON-like text. What it does is a function of its seed alone. */
public final class Mutator {
  /** Numbers around the edges of types, and what is no number although it looks like one. */
  private static final List<String> NUMBERS =
      words(
          "0 -0 1 -1 2 3 4 7 8 9 12 16 32 64 100 127 128 255 256 1024 65535 65536 100000000"
              + " 536870911 1073741823 2000000000 2147483647 2147483648 4294967295 4294967296"
              + " 9223372036854775807 9223372036854775808 -9223372036854775808"
              + " -9223372036854775809 18446744073709551615 18446744073709551616"
              + " 99999999999999999999999999 1e999999999 -1e999999999 1e308 1e309 1e-400 1E2 1.5e3"
              + " 1.0 0.5 -0.5 00 01 +1 0x10 1_000 1. 1e .5 NaN Infinity -Infinity true false null"
              + " \"1\" [] {} [1] \"\"");

  /** Strings that mean something to one reader or another, or that hardly are strings. */
  private static final List<String> STRINGS =
      words(
          "\"\" \"a\" \"F32\" \"F16\" \"BF16\" \"I64\" \"U8\" \"BOOL\" \"F64\" \"I32\" \"I8\""
              + " \"F8_E4M3\" \"f32\" \"F4\" \"__metadata__\" \"dtype\" \"shape\""
              + " \"data_offsets\" \"weight_map\" \"../x\" \"/etc/passwd\" \"..\" \".\" \"a/b\""
              + " \"C:x\" \"a\\\\b\" \"\\u0000\" \"\\ud800\" \"\\udc00\\ud800\""
              + " \"\\ud83d\\ude00\" \"\u0120the\" \"\\u001b[31m\" \"<|endoftext|>\""
              + " \"eos_token\" \"\\n\" \"\\q\" \"\u00e9\" \"\ud83d\ude00\" \"gelu_new\" \"relu\""
              + " \"BPE\" \"ByteLevel\" \"Sequence\" \"TemplateProcessing\" \"text\""
              + " \"input_ids\" \"labels\" \"question\" \"answer\" \"context\" \"prompt\""
              + " \"completion\" \"id\" \"options\" \"content\" \"special\"");

  private static final List<String> PUNCTUATION =
      List.of(
          "{", "}", "[", "]", ",", ":", "\"", "\\", "\n", "\t", " ", "\r", "\0", "/*x*/", "//x\n",
          "'", "#", "\uFEFF", "\u2028", "{}", "[]", "null,", ",,");

  private static final List<String> INSIDE_STRINGS =
      List.of(
          "\\u0041",
          "\\ud83d",
          "\0",
          "\t",
          "\n",
          "\\",
          "\u007f",
          "\ud83d\ude00",
          "\u00ff",
          "A",
          "\\u00e9",
          "\\/");

  private static final List<String> TAILS = List.of(" ", "{}", "x", "\0", "\n\n", ",", "]");

  private static final int[] DEPTHS = {1, 2, 10, 100, 127, 128, 200, 500, 999, 1000, 1001, 3000};

  private final SplittableRandom random;

  /** A mutator whose every choice follows from {@code seed}. */
  public Mutator(long seed) {
    this.random = new SplittableRandom(seed);
  }

  private static List<String> words(String text) {
    return List.of(text.split(" "));
  }

  /** The numbers that follow from the seed, for a caller's own choices. */
  public SplittableRandom random() {
    return random;
  }

  /** Damages {@code text}: mostly as JSON, sometimes as bytes. */
  public byte[] text(String text) {
    return random.nextInt(5) == 0
        ? bytes(text.getBytes(StandardCharsets.UTF_8))
        : json(text).getBytes(StandardCharsets.UTF_8);
  }

  /** Makes one to four changes to the tokens of {@code text}. */
  public String json(String text) {
    List<String> tokens = tokens(text);
    int edits = 1 + random.nextInt(4);
    for (int i = 0; i < edits && !tokens.isEmpty(); i++) {
      edit(tokens);
    }
    String changed = String.join("", tokens);
    if (random.nextInt(40) == 0) {
      changed = changed.substring(0, random.nextInt(changed.length() + 1));
    }
    return random.nextInt(60) == 0 ? changed + pick(TAILS) : changed;
  }

  /** Makes one to six changes to a copy of {@code sound}: bits, pieces cut, put in or cut off. */
  public byte[] bytes(byte[] sound) {
    byte[] bytes = sound.clone();
    int edits = 1 + random.nextInt(6);
    for (int i = 0; i < edits; i++) {
      if (bytes.length == 0) {
        return new byte[] {(byte) random.nextInt()};
      }
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(7)) {
        case 0, 1, 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 3 -> bytes[at] = (byte) random.nextInt();
        case 4 -> bytes = without(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(32)));
        case 5 -> bytes = with(bytes, at, 1 + random.nextInt(32));
        default -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      }
    }
    return bytes;
  }

  private static byte[] without(byte[] bytes, int from, int to) {
    byte[] rest = Arrays.copyOf(bytes, bytes.length - (to - from));
    System.arraycopy(bytes, to, rest, from, bytes.length - to);
    return rest;
  }

  private byte[] with(byte[] bytes, int at, int count) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + count);
    for (int i = 0; i < count; i++) {
      longer[at + i] =
          random.nextBoolean() ? bytes[random.nextInt(bytes.length)] : (byte) random.nextInt();
    }
    System.arraycopy(bytes, at, longer, at + count, bytes.length - at);
    return longer;
  }

  /** Strings, numbers and words, runs of white space, and single other characters. */
  private static List<String> tokens(String text) {
    var tokens = new ArrayList<String>();
    int from = 0;
    while (from < text.length()) {
      int to = end(text, from);
      tokens.add(text.substring(from, to));
      from = to;
    }
    return tokens;
  }

  private static int end(String text, int from) {
    char first = text.charAt(from);
    int to = from + 1;
    if (first == '"') {
      while (to < text.length() && text.charAt(to) != '"') {
        to += text.charAt(to) == '\\' ? 2 : 1;
      }
      return Math.min(text.length(), to + 1);
    }
    while (to < text.length()
        && (isWord(first) && isWord(text.charAt(to))
            || Character.isWhitespace(first) && Character.isWhitespace(text.charAt(to)))) {
      to++;
    }
    return to;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || "-+.".indexOf(c) >= 0;
  }

  private void edit(List<String> tokens) {
    int at = random.nextInt(tokens.size());
    int end = Math.min(tokens.size(), at + 1 + random.nextInt(20));
    switch (random.nextInt(14)) {
      case 0 -> tokens.remove(at);
      case 1 -> tokens.add(at, pick(tokens));
      case 2 -> tokens.add(at, pick(PUNCTUATION));
      case 3 -> Collections.swap(tokens, at, random.nextInt(tokens.size()));
      case 4, 5, 6 -> tokens.set(find(tokens, Mutator::isValue), value());
      case 7 -> tokens.set(find(tokens, Mutator::isString), pick(STRINGS));
      case 8 -> nudge(tokens);
      case 9 -> tokens.addAll(end, List.copyOf(tokens.subList(at, end)));
      case 10 -> tokens.subList(at, end).clear();
      case 11 -> tokens.add(at, pick(STRINGS) + ":" + value() + ",");
      case 12 -> changeString(tokens);
      default -> {
        if (random.nextInt(6) == 0) {
          tokens.set(at, nested());
        } else {
          tokens.add(at, "  \n");
        }
      }
    }
  }

  /** A token that {@code wanted} takes, or any, where thirty tries find none. */
  private int find(List<String> tokens, Predicate<String> wanted) {
    int at = random.nextInt(tokens.size());
    for (int i = 0; i < 30 && !wanted.test(tokens.get(at)); i++) {
      at = random.nextInt(tokens.size());
    }
    return at;
  }

  private void nudge(List<String> tokens) {
    int at = find(tokens, Mutator::isInteger);
    if (isInteger(tokens.get(at))) {
      long number = Long.parseLong(tokens.get(at));
      tokens.set(at, Long.toString(number + random.nextInt(-9, 10)));
    }
  }

  private void changeString(List<String> tokens) {
    int at = find(tokens, Mutator::isString);
    String token = tokens.get(at);
    if (token.length() > 2) {
      int inside = 1 + random.nextInt(token.length() - 2);
      tokens.set(at, token.substring(0, inside) + pick(INSIDE_STRINGS) + token.substring(inside));
    }
  }

  private String value() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2, 3 -> pick(NUMBERS);
      case 4, 5, 6 -> pick(STRINGS);
      default -> random.nextInt(20) == 0 ? nested() : "{\"a\":[1,2,{\"b\":null}]}";
    };
  }

  private String nested() {
    int depth = DEPTHS[random.nextInt(DEPTHS.length)];
    return switch (random.nextInt(3)) {
      case 0 -> "[".repeat(depth) + "]".repeat(depth);
      case 1 -> "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
      default -> "[".repeat(depth);
    };
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static boolean isString(String token) {
    return token.startsWith("\"");
  }

  private static boolean isValue(String token) {
    return isString(token) || isInteger(token) || List.of("null", "true", "false").contains(token);
  }

  private static boolean isInteger(String token) {
    return token.length() < 18 && token.matches("-?\\d+");
  }
}
