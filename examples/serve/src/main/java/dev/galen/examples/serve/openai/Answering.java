package dev.galen.examples.serve.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.serve.access.RateLimiter;
import dev.galen.examples.serve.http.ApiException;
import dev.galen.examples.serve.http.Call;
import dev.galen.examples.serve.model.ServedModel;
import dev.galen.model.engine.EndReason;
import dev.galen.model.engine.GeneratedToken;
import dev.galen.model.engine.Generation;
import dev.galen.model.engine.GenerationRequest;
import dev.galen.model.engine.GenerationUsage;
import dev.galen.model.engine.OverloadedException;
import dev.galen.model.engine.SequenceEnd;
import dev.galen.model.engine.TokenListener;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Hands prompts to the engine and its tokens to the client, whole or as they come. */
final class Answering {
  private final ServedModel served;
  private final RateLimiter limiter;

  Answering(ServedModel served, RateLimiter limiter) {
    this.served = served;
    this.limiter = limiter;
  }

  /** What the engine tells; one of the three is there. */
  private record Event(int choice, GeneratedToken token, SequenceEnd end, GenerationUsage usage) {}

  /** One text. */
  private final class Choice {
    private final TextStream stream;
    private final StringBuilder text = new StringBuilder();
    private final List<GeneratedToken> tokens = new ArrayList<>();
    private boolean begun;
    private String finish;

    Choice(Sampling sampling) {
      stream = new TextStream(served.tokenizer().streamingDecoder(), sampling.stops());
    }
  }

  void run(Call call, List<int[]> prompts, Sampling sampling, Form form)
      throws ApiException, IOException, InterruptedException {
    var requests = new ArrayList<GenerationRequest>();
    for (int[] prompt : prompts) {
      requests.add(sampling.request(prompt, served));
    }
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    var generations = new ArrayList<Generation>();
    Answer answer = null;
    try {
      for (int i = 0; i < requests.size(); i++) {
        generations.add(submit(requests.get(i), i * sampling.sequences(), events));
      }
      var choices = new ArrayList<Choice>();
      for (int i = 0; i < prompts.size() * sampling.sequences(); i++) {
        choices.add(new Choice(sampling));
      }
      answer = new Answer(call, sampling, form, choices, prompts.size());
      answer.write(events);
    } finally {
      if (answer != null && answer.left > 0) {
        // Who leaves early pays for what was made until then.
        int read = prompts.stream().mapToInt(prompt -> prompt.length).sum();
        limiter.charge(call.caller().id(), read + (long) answer.seen);
      }
      generations.forEach(Generation::cancel); // those that are done do not mind
    }
  }

  private Generation submit(GenerationRequest request, int first, BlockingQueue<Event> events)
      throws ApiException {
    var listener =
        new TokenListener() {
          @Override
          public void onToken(GeneratedToken token) {
            events.add(new Event(first + token.sequence(), token, null, null));
          }

          @Override
          public void onEnd(SequenceEnd end) {
            events.add(new Event(first + end.sequence(), null, end, null));
          }

          @Override
          public void onDone(GenerationUsage usage) {
            events.add(new Event(first, null, null, usage));
          }
        };
    try {
      return served.engine().submit(request, listener);
    } catch (OverloadedException e) {
      throw ApiException.busy(503, e.getMessage(), e.retryAfter());
    } catch (IllegalArgumentException e) {
      throw ApiException.of(400, "invalid_value", e.getMessage());
    }
  }

  /** An answer that is being written. */
  private final class Answer {
    private final Call call;
    private final Sampling sampling;
    private final Form form;
    private final List<Choice> choices;
    private final long created = Instant.now().getEpochSecond();
    private int left;
    private int seen;
    private int promptTokens;
    private int cachedTokens;
    private int newTokens;

    Answer(Call call, Sampling sampling, Form form, List<Choice> choices, int prompts) {
      this.call = call;
      this.sampling = sampling;
      this.form = form;
      this.choices = choices;
      this.left = prompts;
    }

    void write(BlockingQueue<Event> events) throws ApiException, IOException, InterruptedException {
      if (!sampling.stream()) {
        ApiException failed = read(events, null);
        if (failed != null) {
          throw failed;
        }
        call.send(200, whole());
        return;
      }
      try (Call.Events out = call.events()) {
        ApiException failed = read(events, out);
        if (failed != null) {
          out.error(failed);
          return;
        }
        if (sampling.usage()) {
          ObjectNode last = head(form.part());
          last.putArray("choices");
          usage(last);
          out.send(last);
        }
        out.done();
      }
    }

    /** Takes events until all texts are there; what went wrong, or null. */
    private ApiException read(BlockingQueue<Event> events, Call.Events out)
        throws IOException, InterruptedException {
      ApiException failed = null;
      while (left > 0) {
        Event event = events.take();
        if (event.usage() != null) {
          left--;
          count(event.usage());
        } else if (event.token() != null) {
          token(event.choice(), event.token(), out);
        } else if (event.end().reason() == EndReason.FAILED) {
          failed = ApiException.of(500, "generation_failed", event.end().error());
        } else {
          end(event.choice(), event.end(), out);
        }
      }
      return failed;
    }

    private void count(GenerationUsage usage) {
      promptTokens += usage.promptTokens();
      cachedTokens += usage.cachedTokens();
      newTokens += usage.newTokens();
      limiter.charge(call.caller().id(), usage.promptTokens() + (long) usage.newTokens());
    }

    private void token(int index, GeneratedToken token, Call.Events out) throws IOException {
      seen++;
      if (served.ends().contains(token.id())) {
        return;
      }
      Choice choice = choices.get(index);
      if (sampling.top() >= 0) {
        choice.tokens.add(token);
      }
      tell(index, choice.stream.push(token.id()), null, out);
    }

    private void end(int index, SequenceEnd end, Call.Events out) throws IOException {
      Choice choice = choices.get(index);
      String rest = choice.stream.finish();
      boolean stopped = end.reason() == EndReason.STOP || choice.stream.isStopped();
      choice.finish = stopped ? "stop" : "length";
      tell(index, rest, choice.finish, out);
    }

    private void tell(int index, String more, String finish, Call.Events out) throws IOException {
      Choice choice = choices.get(index);
      choice.text.append(more);
      if (out == null || more.isEmpty() && finish == null && choice.tokens.isEmpty()) {
        return;
      }
      ObjectNode part = head(form.part());
      ObjectNode json = part.putArray("choices").addObject();
      json.put("index", index);
      form.delta(json, more, !choice.begun);
      choice.begun = true;
      json.put("finish_reason", finish);
      if (sampling.top() >= 0) {
        form.logprobs(json, choice.tokens);
        choice.tokens.clear();
      }
      if (sampling.usage()) {
        part.putNull("usage");
      }
      out.send(part);
    }

    private ObjectNode whole() {
      ObjectNode json = head(form.whole());
      var list = json.putArray("choices");
      for (int i = 0; i < choices.size(); i++) {
        Choice choice = choices.get(i);
        ObjectNode one = list.addObject();
        one.put("index", i);
        form.text(one, choice.text.toString());
        one.put("finish_reason", choice.finish);
        if (sampling.top() >= 0) {
          form.logprobs(one, choice.tokens);
        } else {
          one.putNull("logprobs");
        }
      }
      usage(json);
      return json;
    }

    private ObjectNode head(String object) {
      return JsonNodeFactory.instance
          .objectNode()
          .put("id", form.prefix() + call.id().substring(call.id().indexOf('_') + 1))
          .put("object", object)
          .put("created", created)
          .put("model", sampling.model());
    }

    private void usage(ObjectNode json) {
      ObjectNode usage = json.putObject("usage");
      usage.put("prompt_tokens", promptTokens);
      usage.put("completion_tokens", newTokens);
      usage.put("total_tokens", promptTokens + newTokens);
      usage.putObject("prompt_tokens_details").put("cached_tokens", cachedTokens);
    }
  }
}
