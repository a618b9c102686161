package dev.galen.examples.serve.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.engine.GeneratedToken;
import dev.galen.model.engine.TokenAlternative;
import dev.galen.tokenizer.Tokenizer;
import java.util.List;

/** {@code chat.completion}. */
record ChatForm(Tokenizer tokenizer) implements Form {
  @Override
  public String whole() {
    return "chat.completion";
  }

  @Override
  public String part() {
    return "chat.completion.chunk";
  }

  @Override
  public String prefix() {
    return "chatcmpl-";
  }

  @Override
  public void text(ObjectNode choice, String text) {
    choice.putObject("message").put("role", "assistant").put("content", text).putNull("refusal");
  }

  @Override
  public void delta(ObjectNode choice, String text, boolean first) {
    ObjectNode delta = choice.putObject("delta");
    if (first) {
      delta.put("role", "assistant");
    }
    delta.put("content", text);
  }

  @Override
  public void logprobs(ObjectNode choice, List<GeneratedToken> tokens) {
    ArrayNode content = choice.putObject("logprobs").putArray("content");
    for (GeneratedToken token : tokens) {
      ObjectNode one = content.addObject();
      token(one, token.id(), token.logProbability());
      ArrayNode top = one.putArray("top_logprobs");
      for (TokenAlternative other : token.top()) {
        token(top.addObject(), other.id(), other.logProbability());
      }
    }
  }

  private void token(ObjectNode json, int id, double logProbability) {
    json.put("token", tokenizer.decode(id)).put("logprob", logProbability);
    ArrayNode bytes = json.putArray("bytes");
    for (byte one : tokenizer.decodeBytes(id)) {
      bytes.add(one & 0xFF);
    }
  }
}
