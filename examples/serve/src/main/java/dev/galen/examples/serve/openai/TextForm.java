package dev.galen.examples.serve.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.engine.GeneratedToken;
import dev.galen.model.engine.TokenAlternative;
import dev.galen.tokenizer.Tokenizer;
import java.util.List;

/** {@code text_completion}. */
record TextForm(Tokenizer tokenizer) implements Form {
  @Override
  public String whole() {
    return "text_completion";
  }

  @Override
  public String part() {
    return "text_completion";
  }

  @Override
  public String prefix() {
    return "cmpl-";
  }

  @Override
  public void text(ObjectNode choice, String text) {
    choice.put("text", text);
  }

  @Override
  public void delta(ObjectNode choice, String text, boolean first) {
    choice.put("text", text);
  }

  @Override
  public void logprobs(ObjectNode choice, List<GeneratedToken> tokens) {
    ObjectNode json = choice.putObject("logprobs");
    ArrayNode names = json.putArray("tokens");
    ArrayNode values = json.putArray("token_logprobs");
    ArrayNode tops = json.putArray("top_logprobs");
    for (GeneratedToken token : tokens) {
      names.add(tokenizer.decode(token.id()));
      values.add(token.logProbability());
      ObjectNode top = tops.addObject();
      for (TokenAlternative other : token.top()) {
        top.put(tokenizer.decode(other.id()), other.logProbability());
      }
    }
  }
}
