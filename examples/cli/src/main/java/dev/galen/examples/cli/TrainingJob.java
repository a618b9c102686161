package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.Progress;
import dev.galen.train.StepReport;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.run.FineTuning;
import dev.galen.train.run.FineTuningResult;
import dev.galen.train.run.FineTuningSpec;
import dev.galen.train.run.RunListener;
import dev.galen.train.task.TaskResult;
import java.io.IOException;
import java.util.SequencedMap;

/** A run from the command line: options become its spec, and what it tells is printed. */
final class TrainingJob {
  private final String command;
  private final CommonOptions common;
  private final TrainingOptions options;

  TrainingJob(String command, CommonOptions common, TrainingOptions options) {
    this.command = command;
    this.common = common;
    this.options = options;
  }

  /** Runs it and returns what to exit with: 0, or what a signal stands for. */
  int run() throws IOException {
    options.check();
    FineTuningSpec spec = options.spec();
    options.device.tellPassedOver();
    String words =
        options.spec == null
            ? CommandWords.of(command, options)
            : CommandWords.ofSpec(command, options);
    var run = new FineTuning(spec).asCommand("--", words);
    if (options.resume) {
      run.resume(options.changed());
    }
    try (var interruption = new Interruption(run);
        var progress = Progress.toStandardError(options.logEvery == null ? 0 : options.logEvery)) {
      FineTuningResult result = run.listen(new Printed(progress)).run();
      if (result.isDone()) {
        tell(result, spec.lora() != null);
        return 0;
      }
      tellStopped(result, words);
      return interruption.code();
    }
  }

  /** What a run tells, as lines for people or JSON for programs. */
  private final class Printed implements RunListener {
    private final Progress progress;

    Printed(Progress progress) {
      this.progress = progress;
    }

    @Override
    public void onLine(String what, String line) {
      common.say("%-10s %s", what, line);
    }

    @Override
    public void onNotice(String line) {
      onLine("notice", line);
    }

    @Override
    public void onStep(StepReport report) throws IOException {
      progress.onStep(report);
    }

    @Override
    public void onEvaluation(long step, Perplexity perplexity) throws IOException {
      progress.onEvaluation(step, perplexity);
    }

    @Override
    public void onFigures(long step, SequencedMap<String, ? extends Number> figures) {
      var line = new StringBuilder();
      figures.forEach(
          (name, value) ->
              line.append("  ").append(name).append(' ').append(CommonOptions.shortly(value)));
      common.say("measured  %s", line);
    }

    @Override
    public void onSample(long step, TaskResult.Sample sample) {
      common.say("> %s", sample.prompt().replace("\n", "\n> "));
      common.say("%s", sample.continuation().strip());
    }

    @Override
    public void onLog(long step, long total, boolean update, String json) {
      long every = options.logEvery == null ? 1 : options.logEvery;
      if (!update || step % every == 0 || step == total) {
        common.print(json);
      }
    }
  }

  private void tellStopped(FineTuningResult result, String words) {
    result
        .stoppedAt()
        .ifPresent(
            checkpoint -> {
              common.say(
                  "stopped    after step %d of %d, kept in %s; go on with: %s --resume",
                  result.step(), result.total(), checkpoint, words);
              common.print(
                  CommonOptions.object()
                      .put("out", result.output().toString())
                      .put("stoppedAfterStep", result.step())
                      .put("checkpoint", checkpoint.toString()));
            });
  }

  /** Of tokens the perplexity, of anything else the loss. */
  private void tell(ObjectNode json, Perplexity before, Perplexity after, String unit) {
    if (unit.equals("token")) {
      json.put("perplexityBefore", before.perplexity()).put("perplexityAfter", after.perplexity());
      common.say(
          "validation perplexity %.3f before, %.3f after", before.perplexity(), after.perplexity());
    } else {
      json.put("lossBefore", before.loss()).put("lossAfter", after.loss());
      common.say(
          "validation loss per %s %.4f before, %.4f after", unit, before.loss(), after.loss());
    }
  }

  private void tell(FineTuningResult result, boolean lora) {
    ObjectNode json = CommonOptions.object().put("out", result.output().toString());
    if (result.after().isPresent()) {
      tell(json, result.before().orElseThrow(), result.after().get(), result.unit());
    }
    TaskResult task = result.task().orElseThrow();
    json.put("memoryPeak", result.memory().process());
    CommonOptions.put(json, task.figures());
    result
        .best()
        .ifPresent(
            best ->
                json.putObject("best")
                    .put("metric", best.metric())
                    .put("value", best.value())
                    .put("step", best.step()));
    task.lines().forEach(line -> common.say("%s", line));
    var samples = json.putArray("samples");
    for (TaskResult.Sample sample : task.samples()) {
      samples.addObject().put("prompt", sample.prompt()).put("continuation", sample.continuation());
      common.say("");
      common.say("> %s", sample.prompt().replace("\n", "\n> "));
      common.say("%s", sample.continuation().strip());
    }
    common.say("");
    common.say(
        "saved      %s: the %s, its tokenizer, log.jsonl, loss.svg, report.md",
        result.output(), lora ? "adapter" : "model");
    common.say("time       %s", Progress.time(result.time().toMillis() / 1e3));
    common.print(json);
  }
}
