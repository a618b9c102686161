package dev.galen.examples.serve.openai;

import dev.galen.tokenizer.StreamingDecoder;
import java.util.List;

/**
 * A text as it comes, token by token: what could be the beginning of a stop string is held back
 * until it is one, and then is no part of the text.
 */
final class TextStream {
  private final StreamingDecoder decoder;
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  TextStream(StreamingDecoder decoder, List<String> stops) {
    this.decoder = decoder;
    this.stops = stops;
  }

  /** Whether a stop string has come. */
  boolean isStopped() {
    return stopped;
  }

  /** What can be told after one more token. */
  String push(int id) {
    return told(decoder.push(id), false);
  }

  /** What is left to tell at the end. */
  String finish() {
    return told(decoder.finish(), true);
  }

  private String told(String more, boolean ended) {
    if (stopped) {
      return "";
    }
    held.append(more);
    int first = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      first = at >= 0 && (first < 0 || at < first) ? at : first;
    }
    int until = first;
    if (first >= 0) {
      stopped = true;
    } else {
      until = held.length() - (ended ? 0 : beginning());
    }
    String told = held.substring(0, until);
    held.delete(0, until);
    return told;
  }

  /** The length of the longest end of what is held that begins a stop string. */
  private int beginning() {
    int longest = 0;
    for (String stop : stops) {
      for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
        if (held.substring(held.length() - length).equals(stop.substring(0, length))) {
          longest = length;
        }
      }
    }
    return longest;
  }
}
