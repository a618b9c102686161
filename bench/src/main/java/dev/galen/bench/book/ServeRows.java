package dev.galen.bench.book;

import dev.galen.bench.RandomData;
import dev.galen.bench.RandomFamily;
import dev.galen.bench.RandomGpt2;
import dev.galen.bench.peer.Work;
import dev.galen.model.CausalLm;
import dev.galen.model.engine.Engine;
import dev.galen.model.engine.EngineConfig;
import dev.galen.model.engine.Generation;
import dev.galen.model.engine.GenerationRequest;
import dev.galen.model.engine.TokenListener;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.tensor.backend.WeightFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Requests that come together, side by side and one at a time: {@code serve/gpt2-f32}. Prompts
 * count as much as what is written: 32 of 128 + 64 tokens.
 */
final class ServeRows {
  private static final int REQUESTS = 32;
  private static final int PROMPT = 128;
  private static final int NEW = 64;

  private ServeRows() {}

  static List<Row> of() {
    return List.of(
        row("gpt2-f32", RandomGpt2::create),
        row("gpt2-bf16", () -> RandomGpt2.create(WeightFormat.BF16)),
        row("llama-f32", () -> (CausalLm) RandomFamily.LLAMA.create()),
        Row.of("serve/gpt2-resident", Unit.BYTES, ServeRows::residentBytes));
  }

  private static Row row(String name, Supplier<CausalLm> model) {
    return new TimedRow(
        "serve/" + name,
        Unit.TOKENS_PER_SECOND,
        REQUESTS * NEW,
        Cost.NONE,
        new Contender("Galen", () -> work(model.get(), REQUESTS)),
        List.of(new Contender("Galen, one at a time", () -> work(model.get(), 1))));
  }

  private static Work work(CausalLm model, int mostRunning) {
    var engine = Engine.of(model, EngineConfig.DEFAULT.withMostRunning(mostRunning));
    Work all = Work.of(() -> serve(engine));
    return new Work() {
      @Override
      public double run(int times) throws IOException {
        return all.run(times);
      }

      @Override
      public void close() {
        engine.close();
      }
    };
  }

  private static void serve(Engine engine) {
    int vocabulary = 32_000; // both models know as many
    int[] ids = RandomData.ids(REQUESTS * PROMPT, vocabulary);
    var config = GenerationConfig.builder().maxNewTokens(NEW).endOfTextIds(Set.of()).build();
    List<Generation> generations = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      int[] prompt = Arrays.copyOfRange(ids, i * PROMPT, (i + 1) * PROMPT);
      generations.add(engine.submit(GenerationRequest.of(prompt, config), TokenListener.NONE));
    }
    try {
      for (Generation generation : generations) {
        if (!generation.await(Duration.ofMinutes(10))) {
          throw new IllegalStateException("a request takes longer than ten minutes");
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
    if (engine.figures().newTokens() % (REQUESTS * NEW) != 0) {
      throw new IllegalStateException("some requests have failed");
    }
  }

  /** What serving takes of the machine beyond the weights, keys and values included. */
  private static double residentBytes() throws IOException {
    CausalLm model = RandomGpt2.create();
    long before = StatusFile.resident();
    try (Work work = work(model, REQUESTS)) {
      work.run(2);
      return StatusFile.resident() - before;
    }
  }
}
