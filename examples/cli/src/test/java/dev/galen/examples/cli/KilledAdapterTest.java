package dev.galen.examples.cli;

import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs of an adapter and of an average of weights, killed at random moments, those of a save among
 * them: each update is saved. The gate kills one of them once; {@code ./mvnw verify -Dgroups=fuzz}
 * kills each ten times.
 */
class KilledAdapterTest {
  private static final int HEAP_MEGABYTES = 128;

  @TempDir Path folder;
  private Path model;
  private Path rows;

  @BeforeEach
  void write() throws IOException {
    model = TinyModels.write(folder.resolve("model"));
    rows = Questions.write(folder.resolve("rows.jsonl"), 20);
  }

  private KilledRun run(String options) {
    var words = new ArrayList<String>();
    words.addAll(List.of("train", "--model=" + model, "--data=" + rows, "--length=24"));
    words.addAll(List.of("--batch=2", "--steps=16", "--save-every=1", "--eval-every=5"));
    words.addAll(List.of("--max-new-tokens=2", "--dropout=0.1", "--seed=7"));
    words.addAll(List.of(options.split(" ")));
    return new KilledRun(folder.resolve("work"), HEAP_MEGABYTES, words);
  }

  private KilledRun adapter() {
    return run("--lora=4 --lora-dropout=0.1 --weights=int8 --dora");
  }

  @Test
  void aKilledAdapterEndsAsIfNeverKilled() throws Exception {
    adapter().mustEndAsIfNeverKilled(1, 3);
  }

  @Test
  @Tag("fuzz")
  void tenKillsOfAnAdapter() throws Exception {
    adapter().mustEndAsIfNeverKilled(10, 4);
  }

  @Test
  @Tag("fuzz")
  void tenKillsOfAnAverage() throws Exception {
    run("--ema=0.9 --accumulate=2").mustEndAsIfNeverKilled(10, 5);
  }

  /** An adapter, its average, and a state whose rounding depends on the update's number. */
  @Test
  @Tag("fuzz")
  void tenKillsOfAnAveragedAdapterWithStatesInEightBits() throws Exception {
    run("--lora=4 --ema=0.9 --optimizer-states=int8 --recompute").mustEndAsIfNeverKilled(10, 6);
  }
}
