package dev.galen.examples.cli;

import java.util.ArrayList;
import java.util.List;

/** A command line with every option that was set, so that a run can be repeated. */
final class CommandWords {
  private final List<String> words = new ArrayList<>();

  /** {@code ./galen} and the command's name. */
  private CommandWords(String command) {
    words.add("./galen");
    words.add(command);
  }

  /** The words of a run whose settings lie in a file. */
  static String ofSpec(String command, TrainingOptions options) {
    var words = new CommandWords(command);
    words.add("--spec", options.spec);
    words.add("--out", options.out);
    return String.join(" ", words.words);
  }

  /** The words of {@code finetune} or {@code train}. */
  static String of(String command, TrainingOptions options) {
    var words = new CommandWords(command);
    words.add("--task", options.task);
    words.add("--model", options.model);
    words.add("--config", options.newModel.config);
    words.add("--preset", options.newModel.preset);
    words.add("--tokenizer", options.tokenizer);
    options.newTokens.words().forEach(words::add);
    if (!options.data.isEmpty()) {
      words.words.add("--data");
      options.data.forEach(path -> words.words.add(quoted(path.toString())));
    }
    words.add("--valid", options.valid);
    options.chosen.words().forEach(words.words::add);
    words.add("--out", options.out);
    words.add("--epochs", options.duration.epochs);
    words.add("--steps", options.duration.steps);
    words.add("--batch", options.batch);
    words.add("--accumulate", options.accumulate);
    words.add("--length", options.length);
    words.add("--packing", options.packing);
    options.updates.words().forEach(words::add);
    options.updates.groups.forEach(group -> words.add("--group", group));
    options.loss.words().forEach(words::add);
    words.add("--precision", options.precision);
    words.add("--device", options.device.name());
    words.add("--dropout", options.dropout);
    words.add("--seed", options.seed);
    options.control.words().forEach(words::add);
    if (options.control.loadBest) {
      words.words.add("--load-best-at-end");
    }
    options.watch.words().forEach(words::add);
    options.watch.samplePrompts.forEach(prompt -> words.add("--sample-prompt", prompt));
    words.words.addAll(options.watch.flags());
    words.add("--max-new-tokens", options.maxNewTokens);
    options.lora.words().forEach(words.words::add);
    if (options.noShuffle) {
      words.words.add("--no-shuffle");
    }
    if (options.recompute) {
      words.words.add("--recompute");
    }
    return String.join(" ", words.words);
  }

  private void add(String name, Object value) {
    if (value != null) {
      words.add(name);
      words.add(quoted(value.toString()));
    }
  }

  static String quoted(String word) {
    return word.matches("[\\w./:=@+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
