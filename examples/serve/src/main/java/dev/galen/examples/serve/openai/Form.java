package dev.galen.examples.serve.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.engine.GeneratedToken;
import java.util.List;

/** How answers of a kind of completion look. */
interface Form {
  /** {@code object} of the whole answer. */
  String whole();

  /** {@code object} of a part of a stream. */
  String part();

  /** The prefix of an answer's id. */
  String prefix();

  /** Puts a whole text into a choice. */
  void text(ObjectNode choice, String text);

  /** Puts more of a text into a choice; {@code first} for the text's first part. */
  void delta(ObjectNode choice, String text, boolean first);

  /** Puts log-probabilities into a choice. */
  void logprobs(ObjectNode choice, List<GeneratedToken> tokens);
}
