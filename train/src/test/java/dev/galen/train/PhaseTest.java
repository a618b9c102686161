package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhaseTest {
  @TempDir Path folder;

  private void train(Path out) throws IOException {
    var config =
        TrainingConfig.builder().steps(2).batchSize(2).accumulate(2).evaluateEvery(1).saveEvery(2);
    try (var trainer =
        new Trainer(
            TinyModels.gpt2(0.1),
            config.output(out).build(),
            RandomSequences.of(20, 1),
            RandomSequences.of(3, 2),
            0)) {
      trainer.fit();
    }
  }

  @Test
  void aRecordingTellsThePhasesOfARun() throws IOException {
    assertNull(Phase.begin());
    Path file = folder.resolve("run.jfr");
    try (var recording = new Recording()) {
      recording.enable("dev.galen.train.Phase").withoutThreshold();
      recording.start();
      train(folder.resolve("out"));
      recording.stop();
      recording.dump(file);
    }
    Map<String, Integer> counts = new TreeMap<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (event.getEventType().getName().equals("dev.galen.train.Phase")) {
        counts.merge(event.getString("phase") + " " + event.getLong("step"), 1, Integer::sum);
        assertTrue(event.getDuration().toNanos() >= 0);
      }
    }
    var expected = new TreeMap<String, Integer>();
    for (int step = 1; step <= 2; step++) {
      expected.put("data " + step, 1);
      expected.put("forward " + step, 2);
      expected.put("backward " + step, 2);
      expected.put("clip " + step, 1);
      expected.put("optimizer " + step, 1);
    }
    expected.put("evaluation 1", 1);
    expected.put("checkpoint 2", 1);
    assertEquals(expected, counts);
    assertNull(Phase.begin());
  }
}
