package dev.galen.model.engine;

import dev.galen.model.generate.StoppingRule;

/**
 * The end of a text.
 *
 * @param sequence which of the request's texts, from 0
 * @param reason why
 * @param stop the rule that ended it, whose string is still in the text; null unless one did
 * @param error what went wrong, one line; null unless it {@link EndReason#FAILED}
 */
public record SequenceEnd(int sequence, EndReason reason, StoppingRule stop, String error) {}
