package dev.galen.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.schedule.Schedule;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process of its own that trains, with all that a resumed run could get wrong: dropout, shuffled
 * data over several epochs, accumulation with an incomplete last update, a curved schedule. It goes
 * on where a checkpoint stands, saves after every update, and prints each update's number and the
 * bits of its loss.
 */
final class TrainingProcess {
  static final int STEPS = 24;

  private TrainingProcess() {}

  /** Starts training to {@code out}. */
  static Process start(Path out, String... flags) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:-UsePerfData"));
    command.addAll(List.of(flags));
    List<String> places =
        Stream.of(
                TrainingProcess.class,
                Trainer.class,
                Gpt2CausalLm.class,
                TinyModels.class,
                Tensor.class,
                Tokenizer.class,
                Device.CPU.backend().getClass(),
                ObjectMapper.class,
                JsonFactory.class,
                JsonProperty.class)
            .map(TrainingProcess::home)
            .distinct()
            .toList();
    command.addAll(List.of("-cp", String.join(File.pathSeparator, places)));
    command.addAll(List.of(TrainingProcess.class.getName(), out.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  // Where a class was loaded from. Not its code source: tests are patched into the module they
  // test, and would claim to come from there.
  private static String home(Class<?> type) {
    String name = type.getName().replace('.', '/') + ".class";
    String url = type.getResource("/" + name).toString();
    String home = url.substring(0, url.length() - name.length());
    if (home.startsWith("jar:")) {
      home = home.substring("jar:".length(), home.length() - "!/".length());
    }
    try {
      return Path.of(new URI(home)).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** The lines that {@code process} prints until it ends. */
  static List<String> lines(Process process) throws IOException, InterruptedException {
    List<String> lines;
    try (BufferedReader reader = process.inputReader()) {
      lines = reader.readAllLines();
    }
    if (process.waitFor() != 0) {
      throw new AssertionError("training ended with " + process.exitValue() + ": " + lines);
    }
    return lines;
  }

  /** Trains to the directory that {@code args} names. */
  public static void main(String[] args) throws IOException {
    var config =
        TrainingConfig.builder()
            .steps(STEPS)
            .batchSize(3)
            .accumulate(2)
            .learningRate(5e-3)
            .schedule(Schedule.COSINE)
            .warmup(5)
            .weightDecay(0.1)
            .saveEvery(1)
            .output(Path.of(args[0]))
            .build();
    var data = RandomSequences.of(20, 1); // 7 batches and 4 updates an epoch
    try (var trainer = new Trainer(TinyModels.gpt2(0.1), config, data, List.of(), 0)) {
      trainer.resume();
      trainer.listen(
          new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
              System.out.println(report.step() + " " + Double.toHexString(report.loss()));
            }
          });
      trainer.fit();
    }
  }
}
