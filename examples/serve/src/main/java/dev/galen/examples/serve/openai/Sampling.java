package dev.galen.examples.serve.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.examples.serve.http.ApiException;
import dev.galen.examples.serve.model.ServedModel;
import dev.galen.model.engine.GenerationRequest;
import dev.galen.model.engine.constraint.JsonConstraint;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.StopStrings;
import dev.galen.model.generate.TokenRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How a request wants its texts made: what chat and plain completions have in common. The defaults
 * are OpenAI's: temperature 1, one text, all tokens.
 *
 * @param model the name that the client used
 * @param adapter the adapter of that name, or null
 * @param stops strings that end a text and are not in it
 * @param sequences how many texts come back
 * @param top how many likeliest tokens are told; {@link GenerationRequest#NO_LOG_PROBABILITIES} for
 *     no log-probabilities
 * @param constraint what keeps the texts to JSON, or null
 * @param stream whether the text comes as it is made
 * @param usage whether a stream tells the usage at its end
 */
record Sampling(
    String model,
    String adapter,
    double temperature,
    double topP,
    OptionalInt maxTokens,
    long seed,
    Map<List<Integer>, Float> biases,
    List<String> stops,
    int sequences,
    int bestOf,
    int top,
    JsonConstraint constraint,
    boolean stream,
    boolean usage) {
  static final Set<String> FIELDS =
      Set.of(
          "model",
          "max_tokens",
          "temperature",
          "top_p",
          "n",
          "stop",
          "seed",
          "stream",
          "stream_options",
          "logprobs",
          "logit_bias",
          "presence_penalty",
          "frequency_penalty");

  private static final int MOST_SEQUENCES = 16;
  private static final int MOST_STOPS = 4;
  private static final double LEAST_TEMPERATURE = 0.001;
  private static final double MOST_TEMPERATURE = 2;

  static Sampling of(Fields fields, ServedModel served, OptionalInt maxTokens, int bestOf, int top)
      throws ApiException {
    String name = fields.string("model").orElse(null);
    if (name == null) {
      throw ApiException.field("model", "missing_required_parameter", "is missing");
    }
    boolean adapted = served.adapters().contains(name);
    if (!adapted && !name.equals(served.name())) {
      throw ApiException.of(404, "model_not_found", "the model '" + name + "' is not served here");
    }
    fields.requireNeutral("presence_penalty", 0);
    fields.requireNeutral("frequency_penalty", 0);
    int sequences = fields.integer("n", 1, MOST_SEQUENCES).orElse(1);
    if (bestOf != 0 && bestOf < sequences) {
      throw ApiException.field("best_of", "invalid_value", "must be at least n");
    }
    JsonNode options = fields.node("stream_options");
    OptionalLong seed = fields.whole("seed");
    double temperature = fields.number("temperature", 0, MOST_TEMPERATURE).orElse(1);
    if (temperature > 0 && temperature < LEAST_TEMPERATURE) {
      throw ApiException.field(
          "temperature", "invalid_value", "must be 0 or at least " + LEAST_TEMPERATURE);
    }
    return new Sampling(
        name,
        adapted ? name : null,
        temperature,
        fields.number("top_p", Double.MIN_VALUE, 1).orElse(1),
        maxTokens,
        seed.isPresent() ? seed.getAsLong() : ThreadLocalRandom.current().nextLong(),
        biases(fields.node("logit_bias"), served.tokenizer().vocabularySize()),
        fields.strings("stop", MOST_STOPS),
        sequences,
        bestOf,
        top,
        constraint(fields.node("response_format"), served),
        fields.flag("stream"),
        options != null && options.path("include_usage").asBoolean());
  }

  private static Map<List<Integer>, Float> biases(JsonNode given, int vocabulary)
      throws ApiException {
    var biases = new HashMap<List<Integer>, Float>();
    if (given == null) {
      return biases;
    }
    if (!given.isObject()) {
      throw ApiException.field("logit_bias", "invalid_value", "must be an object");
    }
    for (var bias : given.properties()) {
      if (!bias.getKey().matches("\\d{1,9}")
          || Integer.parseInt(bias.getKey()) >= vocabulary
          || !bias.getValue().isNumber()
          || Math.abs(bias.getValue().doubleValue()) > 100) {
        throw ApiException.field(
            "logit_bias", "invalid_value", "must give token ids numbers from -100 to 100");
      }
      biases.put(List.of(Integer.parseInt(bias.getKey())), bias.getValue().floatValue());
    }
    return biases;
  }

  /** The engine's request for a prompt. */
  GenerationRequest request(int[] prompt, ServedModel served) throws ApiException {
    int room = served.contextLength() - prompt.length;
    if (prompt.length == 0 || room < 1) {
      throw ApiException.of(
          400,
          "context_length_exceeded",
          "the prompt has %d tokens; the model takes from 1 to %d with one for an answer"
              .formatted(prompt.length, served.contextLength() - 1));
    }
    try {
      GenerationConfig.Builder config =
          GenerationConfig.builder()
              .maxNewTokens(Math.min(room, maxTokens.orElse(room)))
              .seed(seed);
      if (temperature > 0) {
        config.temperature(temperature);
        if (topP < 1) {
          config.topP(topP);
        }
      }
      if (!biases.isEmpty()) {
        config.bias(TokenRules.biased(biases));
      }
      if (!stops.isEmpty()) {
        config.stop(new StopStrings(stops, served.tokenizer()));
      }
      GenerationRequest.Builder request =
          GenerationRequest.builder(prompt, config.build())
              .sequences(sequences)
              .topLogProbabilities(top);
      if (bestOf > sequences) {
        request.bestOf(bestOf);
      }
      if (adapter != null) {
        request.adapter(adapter);
      }
      if (constraint != null) {
        constraint.requireRoom(Math.min(room, maxTokens.orElse(room)));
        request.constraint(constraint);
      }
      return request.build();
    } catch (IllegalArgumentException e) {
      throw ApiException.of(400, "invalid_value", e.getMessage());
    }
  }

  /** What keeps the text to JSON; null where it may be anything. */
  private static JsonConstraint constraint(JsonNode format, ServedModel served)
      throws ApiException {
    String type = format == null ? "text" : format.path("type").asText();
    try {
      return switch (type) {
        case "text" -> null;
        case "json_object" -> JsonConstraint.object(served.tokenBytes().get(), served.ends());
        case "json_schema" ->
            JsonConstraint.schema(
                format.path("json_schema").path("schema").toString(),
                served.tokenBytes().get(),
                served.ends());
        default ->
            throw new IllegalArgumentException(
                "the type is \"%s\", must be text, json_object or json_schema".formatted(type));
      };
    } catch (IllegalArgumentException e) {
      throw ApiException.field(
          "response_format", "invalid_value", "cannot be used: " + e.getMessage());
    }
  }
}
