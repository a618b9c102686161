package dev.galen.tokenizer.decode;

import dev.galen.tokenizer.pattern.Finder;
import dev.galen.tokenizer.stage.Decoder;
import dev.galen.tokenizer.text.ByteFallback;
import dev.galen.tokenizer.text.Utf8;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** HuggingFace's decoders. */
public final class Decoders {

  private Decoders() {}

  /** Puts spaces between tokens, where files name no decoder. */
  public static Decoder spaced() {
    return tokens -> List.of(String.join(" ", tokens));
  }

  /** {@code Fuse}: makes one of all. */
  public static Decoder fuse() {
    return tokens -> List.of(String.join("", tokens));
  }

  /** {@code Replace}: puts something in place of every match of a pattern. */
  public static Decoder replace(Finder pattern, String content) {
    return each(token -> replace(token, pattern, content));
  }

  private static String replace(String token, Finder pattern, String content) {
    var utf8 = token.getBytes(StandardCharsets.UTF_8);
    var matches = pattern.find(utf8, 0, utf8.length);
    var text = new StringBuilder();
    int at = 0;
    for (int i = 0; i < matches.size(); i += 2) {
      text.append(string(utf8, at, matches.get(i))).append(content);
      at = matches.get(i + 1);
    }
    return text.append(string(utf8, at, utf8.length)).toString();
  }

  private static String string(byte[] utf8, int start, int end) {
    return new String(utf8, start, end - start, StandardCharsets.UTF_8);
  }

  /** {@code Strip}: takes up to so many of a character away from both ends of a token. */
  public static Decoder strip(int character, int left, int right) {
    return each(token -> strip(token, character, left, right));
  }

  private static String strip(String token, int character, int left, int right) {
    int[] characters = token.codePoints().toArray();
    int start = 0;
    while (start < left && start < characters.length && characters[start] == character) {
      start++;
    }
    int end = characters.length;
    int least = Math.max(start, characters.length - right);
    while (end > least && characters[end - 1] == character) {
      end--;
    }
    return new String(characters, start, end - start);
  }

  /** {@code BPEDecoder}: what ends a word becomes a space, but at the end. */
  public static Decoder bpe(String suffix) {
    return tokens -> {
      var decoded = new ArrayList<String>(tokens.size());
      for (int i = 0; i < tokens.size(); i++) {
        decoded.add(tokens.get(i).replace(suffix, i == tokens.size() - 1 ? "" : " "));
      }
      return decoded;
    };
  }

  /** {@code WordPiece}: puts a space before every token but those that do not begin a word. */
  public static Decoder wordPiece(String prefix, boolean cleansUp) {
    return tokens -> {
      var decoded = new ArrayList<String>(tokens.size());
      for (var token : tokens) {
        var text = token;
        if (!decoded.isEmpty()) {
          text = token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
        }
        decoded.add(cleansUp ? cleanUp(text) : text);
      }
      return decoded;
    };
  }

  /** Takes the spaces away that English does not have. */
  private static String cleanUp(String text) {
    return text.replace(" .", ".")
        .replace(" ?", "?")
        .replace(" !", "!")
        .replace(" ,", ",")
        .replace(" ' ", "'")
        .replace(" n't", "n't")
        .replace(" 'm", "'m")
        .replace(" do not", " don't")
        .replace(" 's", "'s")
        .replace(" 've", "'ve")
        .replace(" 're", "'re");
  }

  /** {@code Metaspace}: a character becomes a space, or nothing in the first token. */
  public static Decoder metaspace(int character, boolean prepended) {
    var space = Character.toString(character);
    return tokens -> {
      var decoded = new ArrayList<String>(tokens.size());
      for (var token : tokens) {
        decoded.add(token.replace(space, decoded.isEmpty() && prepended ? "" : " "));
      }
      return decoded;
    };
  }

  /** {@code CTC}: equal neighbours are one, and padding is nothing (Graves et al. 2006). */
  public static Decoder ctc(String padding, String delimiter, boolean cleansUp) {
    return tokens -> {
      var decoded = new ArrayList<String>(tokens.size());
      String last = null;
      for (var token : tokens) {
        if (token.equals(last)) {
          continue;
        }
        last = token;
        var text = token.replace(padding, "");
        if (cleansUp) {
          text = cleanUp(text).replace(delimiter, " ");
        }
        if (!text.isEmpty()) {
          decoded.add(text);
        }
      }
      return decoded;
    };
  }

  /**
   * {@code ByteFallback}: a run of tokens such as {@code <0xC3>} becomes what its bytes are in
   * UTF-8, or one U+FFFD for each.
   */
  public static Decoder byteFallback() {
    return tokens -> {
      var decoded = new ArrayList<String>(tokens.size());
      var run = new ByteArrayOutputStream();
      for (var token : tokens) {
        int b = ByteFallback.byteOf(token);
        if (b >= 0) {
          run.write(b);
        } else {
          addRun(run, decoded);
          decoded.add(token);
        }
      }
      addRun(run, decoded);
      return decoded;
    };
  }

  private static void addRun(ByteArrayOutputStream run, List<String> decoded) {
    if (run.size() == 0) {
      return;
    }
    try {
      var bytes = ByteBuffer.wrap(run.toByteArray());
      decoded.add(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      for (int i = 0; i < run.size(); i++) {
        decoded.add(String.valueOf(Utf8.REPLACEMENT));
      }
    }
    run.reset();
  }

  private static Decoder each(UnaryOperator<String> change) {
    return tokens -> {
      var decoded = new ArrayList<String>(tokens.size());
      for (var token : tokens) {
        decoded.add(change.apply(token));
      }
      return decoded;
    };
  }
}
