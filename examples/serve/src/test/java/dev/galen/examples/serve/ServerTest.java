package dev.galen.examples.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.engine.EngineConfig;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ServerTest extends TinyServer {
  @Test
  void aStreamIsTheWholeAnswerInParts() throws Exception {
    start(false, EngineConfig.DEFAULT, 0);
    var whole = post("/v1/chat/completions", chat(""));
    assertEquals(200, whole.statusCode(), whole.body());
    JsonNode choice = json(whole).path("choices").get(0);
    String text = choice.path("message").path("content").textValue();
    assertFalse(text.isEmpty());
    assertEquals("length", choice.path("finish_reason").textValue());
    assertEquals(12, json(whole).path("usage").path("completion_tokens").intValue());
    assertEquals("chat.completion", json(whole).path("object").textValue());
    var streamed =
        post(
            "/v1/chat/completions",
            chat(", \"stream\": true, \"stream_options\": {\"include_usage\": true}"));
    var parts = new StringBuilder();
    List<JsonNode> events = events(streamed);
    for (JsonNode event : events) {
      event.path("choices").forEach(c -> parts.append(c.path("delta").path("content").asText()));
    }
    assertEquals(text, parts.toString());
    assertEquals(
        json(whole).path("usage").path("total_tokens"),
        events.getLast().path("usage").path("total_tokens"));
    assertEquals("assistant", events.getFirst().at("/choices/0/delta/role").asText());
    // A stop string is no part of the text, wherever the tokens' borders are.
    String stop = text.substring(2, 5);
    for (String stream : List.of("", ", \"stream\": true")) {
      var cut =
          post(
              "/v1/chat/completions",
              chat(", \"stop\": " + MAPPER.writeValueAsString(stop) + stream));
      var said = new StringBuilder();
      if (stream.isEmpty()) {
        said.append(json(cut).at("/choices/0/message/content").asText());
        assertEquals("stop", json(cut).at("/choices/0/finish_reason").asText());
      } else {
        events(cut).forEach(e -> said.append(e.at("/choices/0/delta/content").asText()));
      }
      assertEquals(text.substring(0, text.indexOf(stop)), said.toString());
    }
  }

  @Test
  void manyAtOnceGetWhatEachGetsAlone() throws Exception {
    start(false, EngineConfig.DEFAULT, 0);
    var bodies = new ArrayList<String>();
    for (int i = 0; i < 12; i++) {
      bodies.add(
          "{\"model\": \"tiny\", \"prompt\": \"%s\", \"seed\": %d, \"max_tokens\": %d, \"logprobs\": 2}"
              .formatted("fever ".repeat(1 + i % 4), i, 5 + i));
    }
    var alone = new ArrayList<JsonNode>();
    for (String body : bodies) {
      alone.add(json(post("/v1/completions", body)).path("choices"));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var together = new ArrayList<Future<HttpResponse<String>>>();
      for (String body : bodies) {
        together.add(threads.submit(() -> post("/v1/completions", body)));
      }
      for (int i = 0; i < bodies.size(); i++) {
        assertEquals(
            alone.get(i).at("/0/text"),
            json(together.get(i).get()).at("/choices/0/text"),
            bodies.get(i));
      }
    }
    JsonNode several =
        json(
            post(
                "/v1/completions",
                "{\"model\": \"tiny\", \"prompt\": [\"a\", [5, 6]], \"n\": 2, \"max_tokens\": 3}"));
    assertEquals(4, several.path("choices").size());
    assertEquals(3, several.at("/choices/3/index").intValue());
  }

  @Test
  void anAnswerIsKeptToASchema() throws Exception {
    start(false, EngineConfig.DEFAULT, 0);
    String schema =
        ", \"response_format\": {\"type\": \"json_schema\", \"json_schema\": {\"name\": \"x\", \"schema\":"
            + " {\"type\": \"object\", \"properties\": {\"fever\": {\"type\": \"boolean\"}}, \"required\":"
            + " [\"fever\"], \"additionalProperties\": false}}}";
    var answer = post("/v1/chat/completions", chat(schema).replace(": 12", ": 60"));
    assertEquals(200, answer.statusCode(), answer.body());
    JsonNode made = MAPPER.readTree(json(answer).at("/choices/0/message/content").asText());
    assertTrue(made.path("fever").isBoolean(), made.toString());
    var tight = post("/v1/chat/completions", chat(schema).replace(": 12", ": 2"));
    assertEquals(400, tight.statusCode(), tight.body());
    var any =
        post("/v1/chat/completions", chat(", \"response_format\": {\"type\": \"json_object\"}"));
    assertTrue(MAPPER.readTree(json(any).at("/choices/0/message/content").asText()).isObject());
  }

  @Test
  void whatIsWrongIsSaidInOpenAisForm() throws Exception {
    start(false, EngineConfig.DEFAULT, 0);
    for (String[] fault :
        new String[][] {
          {"{", "invalid_json", "the body is not valid JSON"},
          {"[]", "invalid_json", "must be a JSON object"},
          {"{\"messages\": []}", "missing_required_parameter", "model is missing"},
          {chat("").replace("tiny", "other"), "model_not_found", "'other' is not served here"},
          {chat(", \"n\": 0"), "invalid_value", "n must be an integer from 1 to 16"},
          {
            chat(", \"temperature\": 3").replace("\"temperature\": 0, ", ""),
            "invalid_value",
            "temperature must be"
          },
          {chat(", \"tools\": []"), "unsupported_parameter", "tools is not supported"},
          {chat(", \"presence_penalty\": 1"), "unsupported_parameter", "presence_penalty"},
          {
            chat("").replace("fever", "fever ".repeat(300)),
            "context_length_exceeded",
            "the model takes"
          },
          {chat(", \"logit_bias\": {\"999\": 1}"), "invalid_value", "logit_bias must give"},
          {chat(", \"logit_bias\": [1]"), "invalid_value", "logit_bias must be an object"},
          {
            chat("").replace("\"temperature\": 0", "\"temperature\": 1e-40"),
            "invalid_value",
            "must be 0 or"
          },
          {chat("").replace("fever", "\\ud800"), "invalid_value", "messages cannot be used"},
          {chat("").replace("\"user\"", "\"zzz\""), "invalid_value", "must have roles of"},
          {
            chat("").replace("\"content\"", "\"tool_calls\": [1], \"content\""),
            "unsupported_parameter",
            "may not have tool_calls"
          },
          {chat("").replace("\"user\"", "5"), "invalid_value", "messages must each have a role"},
        }) {
      var response = post("/v1/chat/completions", fault[0]);
      JsonNode error = json(response).path("error");
      assertEquals(fault[1], error.path("code").asText(), response.body());
      assertTrue(error.path("message").asText().contains(fault[2]), response.body());
      assertEquals(response.statusCode() == 404 ? 404 : 400, response.statusCode());
    }
    assertEquals(
        200, post("/v1/chat/completions", chat(", \"seed\": 9000000000000000000")).statusCode());
    assertEquals(
        400,
        post("/v1/completions", "{\"model\": \"tiny\", \"prompt\": \"\\ud800\"}").statusCode());
    var foreign =
        client.send(
            to("/v1/models").header("Origin", "http://elsewhere.example").build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(403, foreign.statusCode(), "a page from elsewhere");
    assertEquals(404, get("/v1/nothing").statusCode());
    assertEquals(405, get("/v1/chat/completions").statusCode());
    assertEquals(413, post("/v1/completions", " ".repeat(Server.MOST_BYTES + 1)).statusCode());
    assertTrue(get("/metrics").body().contains("galen_new_tokens_total"), "figures");
    assertEquals("tiny", json(get("/v1/models")).at("/data/0/id").asText());
    assertFalse(String.join("\n", log).contains("fever"), "no text in the log");
    JsonNode vector =
        json(post("/v1/embeddings", "{\"model\": \"tiny\", \"input\": [\"fever\", \"cough\"]}"));
    assertEquals(2, vector.path("data").size());
    assertEquals(16, vector.at("/data/0/embedding").size());
  }
}
