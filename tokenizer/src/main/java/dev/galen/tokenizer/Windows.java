package dev.galen.tokenizer;

import dev.galen.tokenizer.Truncation.Strategy;
import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.stage.Piece;
import dev.galen.tokenizer.stage.PostProcessor;
import java.util.ArrayList;
import java.util.List;

/** Cuts one text or two into windows, and puts special tokens around each. */
final class Windows {

  private final Truncation truncation;
  private final PostProcessor postProcessor;
  private final boolean addSpecialTokens;

  Windows(Truncation truncation, PostProcessor postProcessor, boolean addSpecialTokens) {
    this.truncation = truncation;
    this.postProcessor = postProcessor;
    this.addSpecialTokens = addSpecialTokens;
  }

  /**
   * The tokens of a text that the library makes before it cuts: it stops behind the word with which
   * there are enough for one window. What lies beyond is in no window.
   *
   * @param words as {@link Places} notes them
   * @param text which of the texts this is, 0 or 1
   */
  List<Piece> limit(List<Piece> pieces, IntList words, int text) {
    if (truncation.strategy() == Strategy.ONLY_SECOND && text == 0) {
      return pieces;
    }
    return truncation.side() == Side.RIGHT ? limitEnd(pieces, words) : limitStart(pieces, words);
  }

  private List<Piece> limitEnd(List<Piece> pieces, IntList words) {
    for (int i = 0; i < words.size(); i++) {
      int end = words.get(i);
      if (end >= truncation.maxLength()) {
        return pieces.subList(0, end);
      }
    }
    return pieces;
  }

  private List<Piece> limitStart(List<Piece> pieces, IntList words) {
    for (int i = words.size() - 1; i > 0; i--) {
      int before = words.get(i - 1);
      int start = before < 0 ? ~before : before;
      if (words.get(i) >= 0 && pieces.size() - start >= truncation.maxLength()) {
        return pieces.subList(start, pieces.size());
      }
    }
    return pieces;
  }

  /** The tokens of every window, the first one in front. */
  List<List<Piece>> of(List<List<Piece>> texts) {
    if (truncation.stride() > 0) {
      requireStride();
    }
    int added = addSpecialTokens ? added(texts.size()) : 0;
    int room = truncation.maxLength() - added;
    if (room < 0) {
      throw new IllegalArgumentException(
          "maxLength %d has no room for the %d special tokens that are put around the texts"
              .formatted(truncation.maxLength(), added));
    }
    int[] lengths = lengths(texts, room);
    var first = cut(texts.get(0), lengths[0]);
    if (texts.size() == 1) {
      var windows = new ArrayList<List<Piece>>();
      for (int i = 0; i < first.size(); i++) {
        windows.add(process(List.of(first.get(i)), i > 0, false));
      }
      return windows;
    }
    return pairs(first, cut(texts.get(1), lengths[1]));
  }

  /**
   * Every window of one text with every one of the other, in the library's order: it goes on with
   * the text that stands behind first, and with the first one last.
   */
  private List<List<Piece>> pairs(List<List<Piece>> first, List<List<Piece>> second) {
    boolean swapped = secondStandsFirst();
    var outer = swapped ? second : first;
    var inner = swapped ? first : second;
    var windows = new ArrayList<List<Piece>>();
    windows.add(pair(outer, 0, inner, 0, swapped));
    for (int i = 1; i < outer.size(); i++) {
      for (int k = 0; k < inner.size(); k++) {
        windows.add(pair(outer, i, inner, k, swapped));
      }
    }
    for (int k = 1; k < inner.size(); k++) {
      windows.add(pair(outer, 0, inner, k, swapped));
    }
    return windows;
  }

  private List<Piece> pair(
      List<List<Piece>> outer, int i, List<List<Piece>> inner, int k, boolean swapped) {
    return swapped
        ? process(List.of(inner.get(k), outer.get(i)), k > 0, i > 0)
        : process(List.of(outer.get(i), inner.get(k)), i > 0, k > 0);
  }

  /** Whether a template has the second text in front of the first. */
  private boolean secondStandsFirst() {
    var texts =
        List.of(List.of(new Piece(0, "", 0, 0, 0, 0)), List.of(new Piece(0, "", 0, 0, 1, 1)));
    for (var part : postProcessor.process(texts, false)) {
      for (var piece : part) {
        return piece.text() == 1;
      }
    }
    return false;
  }

  /** The library gives what overflows the segment of its text, whatever the template says. */
  private List<Piece> process(List<List<Piece>> texts, boolean firstFlows, boolean secondFlows) {
    var pieces = new ArrayList<Piece>();
    for (var part : postProcessor.process(texts, addSpecialTokens)) {
      for (var piece : part) {
        int text = piece.text();
        boolean flows = text == 0 ? firstFlows : text == 1 && secondFlows;
        pieces.add(
            flows ? piece.withTypeId(postProcessor.overflowTypeId(text, addSpecialTokens)) : piece);
      }
    }
    return pieces;
  }

  private int added(int texts) {
    var none = new ArrayList<List<Piece>>();
    for (int i = 0; i < texts; i++) {
      none.add(List.of());
    }
    int added = 0;
    for (var part : postProcessor.process(none, true)) {
      added += part.size();
    }
    return added;
  }

  private void requireStride() {
    int room = truncation.maxLength() - added(1);
    if (truncation.stride() > room) { // a text that fits is not cut by one as long as the room
      throw tooLongStride(room);
    }
  }

  private IllegalArgumentException tooLongStride(int room) {
    return new IllegalArgumentException(
        "stride %d leaves nothing new in a window of maxLength %d, which has room for %d tokens"
            .formatted(truncation.stride(), truncation.maxLength(), Math.max(room, 0)));
  }

  /** How long each text may be. */
  private int[] lengths(List<List<Piece>> texts, int room) {
    int first = texts.get(0).size();
    int second = texts.size() == 1 ? 0 : texts.get(1).size();
    int tooMany = first + second - room;
    if (room == 0) {
      return new int[] {0, 0};
    }
    if (tooMany <= 0) {
      return new int[] {first, second};
    }
    if (truncation.strategy() == Strategy.LONGEST_FIRST) {
      return texts.size() == 1 ? new int[] {room, 0} : share(first, second, room);
    }
    boolean cutsFirst = truncation.strategy() == Strategy.ONLY_FIRST;
    if (!cutsFirst && texts.size() == 1) {
      throw new IllegalArgumentException("truncation ONLY_SECOND needs a second text");
    }
    int cut = cutsFirst ? first : second;
    if (cut <= tooMany) {
      throw new IllegalArgumentException(
          "the %s text has %d tokens, too few to cut %d of them away for maxLength %d"
              .formatted(cutsFirst ? "first" : "second", cut, tooMany, truncation.maxLength()));
    }
    return cutsFirst ? new int[] {first - tooMany, second} : new int[] {first, second - tooMany};
  }

  /** Leaves the shorter text whole if that is possible, else half of the room to each. */
  private static int[] share(int first, int second, int room) {
    int shorter = Math.min(first, second);
    int longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
    if (shorter + longer > room) {
      shorter = room / 2;
      longer = shorter + room % 2;
    }
    return first > second ? new int[] {longer, shorter} : new int[] {shorter, longer};
  }

  /** The windows of a text, the first one in front. */
  private List<List<Piece>> cut(List<Piece> pieces, int length) {
    int size = pieces.size();
    if (length >= size) {
      return List.of(pieces);
    }
    if (length == 0) {
      return List.of(List.of(), pieces);
    }
    if (truncation.stride() >= length) {
      throw tooLongStride(length);
    }
    int step = length - truncation.stride();
    var windows = new ArrayList<List<Piece>>();
    if (truncation.side() == Side.RIGHT) {
      for (int start = 0; ; start += step) {
        windows.add(pieces.subList(start, Math.min(start + length, size)));
        if (start + length >= size) {
          return windows;
        }
      }
    }
    for (int end = size; ; end -= step) {
      windows.add(pieces.subList(Math.max(end - length, 0), end));
      if (end - length <= 0) {
        return windows;
      }
    }
  }
}
