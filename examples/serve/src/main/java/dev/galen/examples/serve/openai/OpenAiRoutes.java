package dev.galen.examples.serve.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.serve.access.RateLimiter;
import dev.galen.examples.serve.access.Role;
import dev.galen.examples.serve.http.ApiException;
import dev.galen.examples.serve.http.Call;
import dev.galen.examples.serve.http.Route;
import dev.galen.examples.serve.model.ServedModel;
import dev.galen.model.engine.GenerationRequest;
import dev.galen.model.engine.OverloadedException;
import dev.galen.model.inside.Pooling;
import dev.galen.tokenizer.SpecialTokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * {@code /v1/models}, {@code /v1/chat/completions}, {@code /v1/completions} and {@code
 * /v1/embeddings}. A field that would change the answer and is not supported is refused by name.
 */
public final class OpenAiRoutes {
  private static final List<String> ROLES = List.of("developer", "system", "user", "assistant");
  private static final int MOST_TOP = 20;
  private static final int MOST_PROMPTS = 64;
  private static final Set<String> CHAT =
      with(
          "messages",
          "max_completion_tokens",
          "top_logprobs",
          "response_format",
          "parallel_tool_calls");
  private static final Set<String> TEXT = with("prompt", "best_of", "echo", "suffix");

  private final ServedModel served;
  private final Answering answering;

  /** Routes of a model. */
  public OpenAiRoutes(ServedModel served, RateLimiter limiter) {
    this.served = served;
    this.answering = new Answering(served, limiter);
  }

  private static Set<String> with(String... more) {
    var all = new HashSet<String>(Sampling.FIELDS);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }

  /** All of them. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/models", Role.READER, this::models),
        new Route("POST", "/v1/chat/completions", Role.READER, this::chat),
        new Route("POST", "/v1/completions", Role.READER, this::text),
        new Route("POST", "/v1/embeddings", Role.READER, this::embeddings));
  }

  private void models(Call call) throws IOException {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = json.putArray("data");
    var names = new ArrayList<String>(List.of(served.name()));
    names.addAll(served.adapters());
    for (String name : names) {
      data.addObject()
          .put("id", name)
          .put("object", "model")
          .put("created", served.created())
          .put("owned_by", "galen");
    }
    call.send(200, json);
  }

  private void chat(Call call) throws ApiException, IOException, InterruptedException {
    var fields = new Fields(call.json(), CHAT);
    boolean tells = fields.flag("logprobs");
    int top = fields.integer("top_logprobs", 0, MOST_TOP).orElse(0);
    OptionalInt most = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
    Sampling sampling =
        Sampling.of(
            fields,
            served,
            most.isPresent() ? most : fields.integer("max_tokens", 1, Integer.MAX_VALUE),
            0,
            tells ? top : GenerationRequest.NO_LOG_PROBABILITIES);
    int[] prompt;
    try {
      prompt = served.prompt(messages(fields.node("messages")));
    } catch (IllegalArgumentException e) {
      throw ApiException.field("messages", "invalid_value", "cannot be used: " + e.getMessage());
    }
    answering.run(call, List.of(prompt), sampling, new ChatForm(served.tokenizer()));
  }

  private static List<Map<String, Object>> messages(JsonNode given) throws ApiException {
    if (given == null || !given.isArray() || given.isEmpty()) {
      throw ApiException.field(
          "messages", "invalid_value", "must be a list of at least one message");
    }
    var messages = new ArrayList<Map<String, Object>>();
    for (JsonNode one : given) {
      JsonNode role = one.path("role");
      if (!role.isTextual()) {
        throw ApiException.field("messages", "invalid_value", "must each have a role");
      }
      if (!ROLES.contains(role.textValue())) {
        throw ApiException.field("messages", "invalid_value", "must have roles of " + ROLES);
      }
      for (var field : one.properties()) {
        if (!Set.of("role", "content", "refusal").contains(field.getKey())
            && !field.getValue().isNull()) {
          throw ApiException.field(
              "messages", "unsupported_parameter", "may not have " + field.getKey());
        }
      }
      var message = new LinkedHashMap<String, Object>();
      message.put("role", role.textValue().equals("developer") ? "system" : role.textValue());
      message.put("content", content(one.path("content")));
      messages.add(message);
    }
    return messages;
  }

  /** A string, or parts of type text, which are joined. */
  private static String content(JsonNode content) throws ApiException {
    if (content.isTextual()) {
      return content.textValue();
    }
    var text = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
        throw ApiException.field("messages", "unsupported_parameter", "may have text alone");
      }
      text.append(part.path("text").textValue());
    }
    if (!content.isArray()) {
      throw ApiException.field(
          "messages", "invalid_value", "must each have a content that is a string");
    }
    return text.toString();
  }

  private void text(Call call) throws ApiException, IOException, InterruptedException {
    var fields = new Fields(call.json(), TEXT);
    if (fields.flag("echo")) {
      throw ApiException.field("echo", "unsupported_parameter", "is not supported");
    }
    if (!fields.string("suffix").orElse("").isEmpty()) {
      throw ApiException.field("suffix", "unsupported_parameter", "is not supported");
    }
    OptionalInt top = fields.integer("logprobs", 0, MOST_TOP);
    OptionalInt most = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
    Sampling sampling =
        Sampling.of(
            fields,
            served,
            most.isPresent() ? most : OptionalInt.of(16), // OpenAI's
            fields.integer("best_of", 1, MOST_TOP).orElse(0),
            top.orElse(GenerationRequest.NO_LOG_PROBABILITIES));
    if (sampling.stream() && sampling.bestOf() > sampling.sequences()) {
      throw ApiException.field("best_of", "invalid_value", "does not go with stream");
    }
    List<int[]> prompts = prompts("prompt", fields.node("prompt"));
    answering.run(call, prompts, sampling, new TextForm(served.tokenizer()));
  }

  /** A string, a list of strings, a list of ids, or a list of these. */
  private List<int[]> prompts(String name, JsonNode given) throws ApiException {
    var prompts = new ArrayList<int[]>();
    if (given != null && given.isTextual()) {
      prompts.add(encoded(name, given.textValue()));
    } else if (given != null && given.isArray() && given.path(0).isIntegralNumber()) {
      prompts.add(ids(name, given));
    } else if (given != null && given.isArray() && given.size() <= MOST_PROMPTS) {
      for (JsonNode one : given) {
        prompts.add(one.isTextual() ? encoded(name, one.textValue()) : ids(name, one));
      }
    }
    if (prompts.isEmpty()) {
      throw ApiException.field(
          name,
          "invalid_value",
          "must be a string, a list of token ids, or a list of up to %d of these"
              .formatted(MOST_PROMPTS));
    }
    return prompts;
  }

  private int[] encoded(String name, String text) throws ApiException {
    try {
      return served.tokenizer().encodeWithSpecialTokens(text, SpecialTokens.TEXT);
    } catch (IllegalArgumentException e) {
      throw ApiException.field(name, "invalid_value", "cannot be used: " + e.getMessage());
    }
  }

  private static int[] ids(String name, JsonNode list) throws ApiException {
    var ids = new int[list.size()];
    for (int i = 0; i < ids.length; i++) {
      if (!list.get(i).isIntegralNumber() || !list.get(i).canConvertToInt()) {
        throw ApiException.field(name, "invalid_value", "holds something that is no token id");
      }
      ids[i] = list.get(i).intValue();
    }
    return ids;
  }

  private void embeddings(Call call) throws ApiException, IOException, InterruptedException {
    var fields = new Fields(call.json(), Set.of("model", "input", "encoding_format"));
    String model = fields.string("model").orElse("");
    boolean adapted = served.adapters().contains(model);
    if (!adapted && !model.equals(served.name())) {
      throw ApiException.of(404, "model_not_found", "the model '" + model + "' is not served here");
    }
    boolean packed = fields.string("encoding_format").orElse("float").equals("base64");
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = json.putArray("data");
    int tokens = 0;
    for (int[] ids : prompts("input", fields.node("input"))) {
      tokens += ids.length;
      float[] vector = vector(ids, adapted ? Optional.of(model) : Optional.empty());
      ObjectNode one = data.addObject().put("object", "embedding").put("index", data.size() - 1);
      if (packed) {
        one.put("embedding", Base64Floats.of(vector));
      } else {
        ArrayNode numbers = one.putArray("embedding");
        for (float x : vector) {
          numbers.add(x);
        }
      }
    }
    json.put("model", model);
    json.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    call.send(200, json);
  }

  private float[] vector(int[] ids, Optional<String> adapter)
      throws ApiException, InterruptedException {
    try {
      return served.engine().embed(ids, Pooling.MEAN, adapter).get();
    } catch (OverloadedException e) {
      throw ApiException.busy(503, e.getMessage(), e.retryAfter());
    } catch (IllegalArgumentException e) {
      throw ApiException.field("input", "invalid_value", "cannot be used: " + e.getMessage());
    } catch (ExecutionException e) {
      throw ApiException.field(
          "input", "invalid_value", "cannot be used: " + e.getCause().getMessage());
    }
  }
}
