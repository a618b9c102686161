package dev.galen.model.engine;

import dev.galen.model.engine.SequenceMemory.Kept;
import dev.galen.model.generate.NonFiniteLogitException;
import dev.galen.model.generate.StoppingRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One of the texts of a request, while it is made. For the engine's thread. */
final class Text {
  private final Job job;
  private final int number;
  private final int start;
  private final int limit;
  private final TokenPicker picker;
  private final List<GeneratedToken> tokens = new ArrayList<>(); // only of those that are ranked
  private int[] ids;
  private int length;
  private Kept kept;
  private SequenceEnd end;
  private double logProbability;

  /**
   * The beginning of a text.
   *
   * @param number among those of its request
   * @param beginning its first ids
   * @param limit the most tokens, those of the beginning counted
   */
  Text(Job job, int number, int[] beginning, int limit, TokenPicker picker) {
    this.job = job;
    this.number = number;
    this.start = beginning.length;
    this.limit = limit;
    this.picker = picker;
    this.ids = Arrays.copyOf(beginning, Math.min(limit, beginning.length + 64));
    this.length = start;
  }

  Job job() {
    return job;
  }

  int number() {
    return number;
  }

  int length() {
    return length;
  }

  int limit() {
    return limit;
  }

  int start() {
    return start;
  }

  /** How many ids are to be computed before its next token. */
  int missing() {
    return length - (kept == null ? 0 : kept.length());
  }

  /**
   * How many ids its next step takes. What it began with is read up to the next multiple of {@code
   * chunk}, what it has written token by token, also where it was put off and has to read it again:
   * backends may add up few positions in another order than many.
   */
  int ready(int chunk) {
    int at = kept.length();
    return at < start ? Math.min(start, (at / chunk + 1) * chunk) - at : 1;
  }

  /** {@code count} ids from {@code from} on. */
  int[] ids(int from, int count) {
    return Arrays.copyOfRange(ids, from, from + count);
  }

  Kept kept() {
    return kept;
  }

  void keep(Kept memory) {
    kept = memory;
  }

  /** How many ids both begin with that have the same keys and values, what they wrote left out. */
  int sharedWith(Text other) {
    if (!job.adapter().equals(other.job.adapter())) {
      return 0;
    }
    // The last id has to be computed in any case, for its logits.
    int most = Math.min(Math.min(start, length - 1), other.start);
    int same = Arrays.mismatch(ids, 0, most, other.ids, 0, most);
    return same < 0 ? most : same;
  }

  SequenceEnd end() {
    return end;
  }

  boolean isDone() {
    return end != null;
  }

  /** Mean log-probability of a token, by which the best are found; texts that failed last. */
  double rank() {
    boolean whole = end.reason() == EndReason.STOP || end.reason() == EndReason.LENGTH;
    return whole && length > start ? logProbability / (length - start) : Double.NEGATIVE_INFINITY;
  }

  List<GeneratedToken> tokens() {
    return tokens;
  }

  /** Goes on with the token that its logits say. */
  void next(float[] logits) {
    try {
      if (!picker.hasChoice(limit - length)) {
        end(EndReason.STOP);
        return;
      }
      GeneratedToken token = picker.pick(number, logits, Arrays.copyOf(ids, length));
      add(token.id());
      logProbability += token.logProbability();
      if (job.isRanked()) {
        tokens.add(token);
      } else {
        job.tell(token);
      }
      finish(token.id());
    } catch (NonFiniteLogitException broken) {
      fail(broken.getMessage());
    } catch (RuntimeException refused) {
      fail(refused.getMessage() == null ? refused.toString() : refused.getMessage());
    }
  }

  private void add(int id) {
    if (length == ids.length) {
      ids = Arrays.copyOf(ids, Math.min(limit, 2 * length));
    }
    ids[length++] = id;
  }

  private void finish(int id) {
    if (job.ends().contains(id) || picker.isComplete()) {
      end(EndReason.STOP);
      return;
    }
    for (StoppingRule rule : job.request().config().stops()) {
      if (rule.stops(Arrays.copyOf(ids, length))) {
        end = new SequenceEnd(number, EndReason.STOP, rule, null);
        return;
      }
    }
    if (length == limit) {
      end(EndReason.LENGTH);
    }
  }

  void end(EndReason reason) {
    end = new SequenceEnd(number, reason, null, null);
  }

  void fail(String error) {
    end = new SequenceEnd(number, EndReason.FAILED, null, error);
  }

  int newTokens() {
    return length - start;
  }
}
