package dev.galen.model.engine;

import java.util.BitSet;

/**
 * Which tokens a text may have, such as those that make valid JSON. Excluded tokens are so before
 * the request's other settings (temperature, top-k, top-p, biases, penalties) see the logits.
 */
@FunctionalInterface
public interface TokenConstraint {
  /** A new text, of which each has a progress of its own. */
  Progress begin();

  /** How far a text has come. Used by one thread. */
  interface Progress {
    /**
     * The ids that may come next, tokens that end a text among them where it may end. If none may,
     * the text ends here.
     *
     * @param left how many tokens the text can still have, this one counted: a constraint that
     *     wants to be complete at the limit has to begin to close in time
     * @return not changed by the caller, nor by this object before the next call
     */
    BitSet allowed(int left);

    /** Goes on with {@code id}, which was allowed. */
    void accept(int id);

    /** Whether the text is complete and nothing can follow: it ends with {@link EndReason#STOP}. */
    boolean isComplete();
  }
}
