package dev.galen.model.engine.constraint;

import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The bytes that each token of a vocabulary adds to a text, as a trie: shared by all constraints
 * over one tokenizer. Special tokens add none, so that no constraint allows them. Immutable.
 */
public final class TokenBytes {
  private static final Pattern BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");

  /** Nodes in depth-first order, without the root: their bytes. */
  private final byte[] labels;

  /** How deep each lies; those below the root at 0. */
  private final short[] depths;

  /** Behind the last node below each. */
  private final int[] ends;

  /** The first token that ends at each, -1 for none; more follow by {@link #same}. */
  private final int[] tokens;

  /** The next token of the same bytes, -1 for none. */
  private final int[] same;

  private final byte[][] bytes;
  private final int depth;

  /**
   * Of a tokenizer whose tokens stand for bytes or text of their own, as all but WordPiece do.
   *
   * @param tokenizer whose tokens; those that a model knows beyond its vocabulary are never allowed
   */
  public static TokenBytes of(Tokenizer tokenizer) {
    return new TokenBytes(new Spelling(tokenizer).all());
  }

  /**
   * Of tokens by their bytes.
   *
   * @param bytes what each id stands for; null or none for one that must not be said
   */
  TokenBytes(byte[][] bytes) {
    this.bytes = bytes;
    List<Integer> order = new ArrayList<>();
    int total = 0;
    int longest = 0;
    for (int id = 0; id < bytes.length; id++) {
      if (bytes[id] != null && bytes[id].length > 0 && bytes[id].length < Short.MAX_VALUE) {
        order.add(id);
        total += bytes[id].length;
        longest = Math.max(longest, bytes[id].length);
      }
    }
    order.sort((a, b) -> Arrays.compareUnsigned(bytes[a], bytes[b]));
    var labels = new byte[total];
    var depths = new short[total];
    var ends = new int[total];
    var tokens = new int[total];
    same = new int[bytes.length];
    Arrays.fill(tokens, -1);
    Arrays.fill(same, -1);
    var open = new int[longest];
    byte[] before = {};
    int size = 0;
    for (int id : order) {
      int common = Math.max(0, Arrays.mismatch(before, bytes[id]));
      if (Arrays.equals(before, bytes[id])) {
        int node = open[before.length - 1];
        same[id] = tokens[node];
        tokens[node] = id;
        continue;
      }
      for (int i = common; i < before.length; i++) {
        ends[open[i]] = size;
      }
      for (int i = common; i < bytes[id].length; i++) {
        labels[size] = bytes[id][i];
        depths[size] = (short) i;
        open[i] = size++;
      }
      tokens[size - 1] = id;
      before = bytes[id];
    }
    for (int i = 0; i < before.length; i++) {
      ends[open[i]] = size;
    }
    this.labels = Arrays.copyOf(labels, size);
    this.depths = Arrays.copyOf(depths, size);
    this.ends = Arrays.copyOf(ends, size);
    this.tokens = Arrays.copyOf(tokens, size);
    this.depth = longest;
  }

  /** How many ids there are: the largest plus one. */
  public int vocabularySize() {
    return bytes.length;
  }

  /** What an id adds to a text; none where it may not be said. */
  byte[] bytes(int id) {
    return id < 0 || id >= bytes.length || bytes[id] == null ? new byte[0] : bytes[id];
  }

  int nodes() {
    return labels.length;
  }

  int depth() {
    return depth;
  }

  int label(int node) {
    return labels[node] & 0xff;
  }

  int depth(int node) {
    return depths[node];
  }

  int end(int node) {
    return ends[node];
  }

  int token(int node) {
    return tokens[node];
  }

  int sameAs(int id) {
    return same[id];
  }

  /** How a tokenizer spells its tokens inside of a text. */
  private static final class Spelling {
    private final Tokenizer tokenizer;

    /** A token in front, since some decoders treat the first one of a text otherwise. */
    private final int anchor;

    private final String before;
    private final boolean hasBytes;

    private Spelling(Tokenizer tokenizer) {
      this.tokenizer = tokenizer;
      this.anchor = anchor(tokenizer);
      this.before = tokenizer.decode(anchor);
      this.hasBytes =
          tokenizer.id("<0x41>").isPresent() && text(tokenizer.id("<0x41>").getAsInt()).equals("A");
    }

    private static int anchor(Tokenizer tokenizer) {
      for (String text : List.of(":", "{", "a", "0")) {
        int[] ids = tokenizer.encode(text, SpecialTokens.TEXT);
        if (ids.length > 0 && !tokenizer.decode(ids[ids.length - 1]).isEmpty()) {
          return ids[ids.length - 1];
        }
      }
      throw new IllegalArgumentException(
          "the tokenizer spells none of : { a 0; its tokens cannot be told apart");
    }

    private byte[][] all() {
      var all = new byte[tokenizer.vocabularySize()][];
      for (int id = 0; id < all.length; id++) {
        all[id] = bytes(id);
      }
      for (String special : tokenizer.specialTokens().values()) {
        tokenizer.id(special).ifPresent(id -> all[id] = null);
      }
      tokenizer.endOfTextId().ifPresent(id -> all[id] = null);
      return all;
    }

    private byte[] bytes(int id) {
      String text = text(id);
      if (isSpecial(text)) {
        return null;
      }
      if (hasBytes && id < tokenizer.vocabularySize() && tokenizer.decode(id).length() < 3) {
        var match = BYTE.matcher(tokenizer.token(id));
        if (match.matches()) {
          return HexFormat.of().parseHex(match.group(1));
        }
      }
      byte[] own = tokenizer.decodeBytes(id);
      // A token of a byte-level vocabulary may be a part of a character, which text cannot show.
      return text.indexOf('\ufffd') >= 0 ? own : text.getBytes(StandardCharsets.UTF_8);
    }

    private String text(int id) {
      String both = tokenizer.decode(anchor, id);
      return both.startsWith(before) ? both.substring(before.length()) : tokenizer.decode(id);
    }

    /** Only a special token is refused by the policy that refuses them. */
    private boolean isSpecial(String text) {
      if (text.length() < 3) {
        return false;
      }
      try {
        tokenizer.encode(text);
        return false;
      } catch (IllegalArgumentException e) {
        return true;
      }
    }
  }
}
