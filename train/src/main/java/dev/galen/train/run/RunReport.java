package dev.galen.train.run;

import dev.galen.tensor.backend.Backend;
import dev.galen.train.Progress;
import dev.galen.train.TrainingConfig;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.optim.StateFormat;
import dev.galen.train.task.TaskResult;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a reader needs to trust a run, and to repeat it.
 *
 * @param command how to repeat it on the command line
 * @param model where the model came from
 * @param parameters their number
 * @param data where the data came from
 * @param sequences training sequences
 * @param shortened of those, how many had to be cut to the length
 * @param length the longest sequence
 * @param dropout of the residual stream
 * @param config hyperparameters
 * @param updates of the whole run
 * @param before validation before training, or null without validation data
 * @param after the same afterwards
 * @param task what the task measured
 * @param unit what the loss is the mean over: tokens of a language model, texts of a classifier
 * @param tokensPerSecond mean training speed
 * @param utilisation of the machine's arithmetic (MFU), if its peak is known
 * @param memory the most that it had
 * @param time of the whole run
 * @param backend what computed
 */
record RunReport(
    String command,
    String model,
    long parameters,
    String data,
    int sequences,
    long shortened,
    int length,
    double dropout,
    TrainingConfig config,
    long updates,
    Perplexity before,
    Perplexity after,
    TaskResult task,
    String unit,
    double tokensPerSecond,
    Optional<Double> utilisation,
    MemoryPeak memory,
    Duration time,
    Backend backend) {
  String markdown() {
    var text = new StringBuilder("# Training report\n\n");
    text.append("![Training and validation loss](loss.svg)\n\n");
    measured(text);
    text.append(task.markdown());
    text.append("## The run\n\n```\n").append(command).append("\n```\n\n");
    text.append("| what | value |\n|---|---|\n");
    row(text, "model", model);
    row(text, "parameters", String.format(Locale.ROOT, "%,d", parameters));
    row(text, "data", data);
    row(text, "sequences", lengths());
    row(text, "seed", config.seed() + (config.data().shuffle() ? "" : ", order kept"));
    row(
        text,
        "updates",
        updates
            + (config.data().steps() > 0 ? "" : ", %d epochs".formatted(config.data().epochs())));
    row(
        text,
        "batch",
        "%d sequences x %d accumulated"
            .formatted(config.data().batchSize(), config.data().accumulate()));
    row(
        text,
        "learning rate",
        "%s, %s, warm-up %s"
            .formatted(
                config.schedule().learningRate(),
                config.schedule().rule().text(),
                config.schedule().warmupText()));
    row(
        text,
        config.optimizer().rule().name(),
        config.optimizer().rule().settings().entrySet().stream()
                .map(setting -> setting.getKey() + " " + setting.getValue())
                .collect(Collectors.joining(", ", "", "; clip " + config.optimizer().clip()))
            + (config.optimizer().states() == StateFormat.F32
                ? ""
                : "; states " + config.optimizer().states().word()));
    row(text, "precision", config.precision().products() + "");
    row(text, "dropout", dropout + "");
    row(text, "training speed", String.format(Locale.ROOT, "%,.0f tokens/s", tokensPerSecond));
    utilisation.ifPresent(
        mfu ->
            row(text, "model FLOPs utilisation", String.format(Locale.ROOT, "%.1f %%", 100 * mfu)));
    row(text, "memory peak", memory.text());
    row(text, "time", Progress.time(time.toMillis() / 1e3) + ", measuring and answers included");
    row(
        text,
        "machine",
        "JDK %s, backend %s, %d CPUs, %s"
            .formatted(
                Runtime.version(),
                backend.name(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.arch")));
    for (TaskResult.Sample sample : task.samples()) {
      text.append("\n## A continuation\n\nOf\n\n");
      block(text, sample.prompt());
      text.append("\nit made\n\n");
      block(text, sample.continuation().strip());
    }
    return text.toString();
  }

  private String lengths() {
    String all = "%d of at most %d tokens".formatted(sequences, length);
    return shortened == 0
        ? all + ", none shortened"
        : all
            + "; %d were longer: they lost the front of their context, or what did not fit"
                .formatted(shortened);
  }

  private void measured(StringBuilder text) {
    if (after == null) {
      text.append("There was no validation data, so only the training loss is known.\n\n");
      return;
    }
    text.append("| validation | before | after |\n|---|---:|---:|\n");
    if (unit.equals("token")) {
      pair(text, "perplexity", "%.3f", before.perplexity(), after.perplexity());
    }
    pair(text, "loss per " + unit + " (nats)", "%.4f", before.loss(), after.loss());
    text.append(String.format(Locale.ROOT, "\nOver %,d %ss.\n\n", after.tokens(), unit));
  }

  private static void pair(
      StringBuilder text, String what, String format, double before, double after) {
    text.append(
        String.format(
            Locale.ROOT, "| %s | " + format + " | " + format + " |\n", what, before, after));
  }

  /** Text as it stands, behind a fence longer than any in it. */
  private static void block(StringBuilder text, String content) {
    String fence = "```";
    while (content.contains(fence)) {
      fence += "`";
    }
    text.append(fence).append('\n').append(content).append('\n').append(fence).append('\n');
  }

  private static void row(StringBuilder text, String what, String value) {
    String cell = value.replace("|", "\\|").replace('\n', ' ');
    text.append("| ").append(what).append(" | ").append(cell).append(" |\n");
  }
}
