package dev.galen.train.run;

import dev.galen.model.CausalLm;
import dev.galen.model.Generative;
import dev.galen.model.MaskedLm;
import dev.galen.model.ModelConfig;
import dev.galen.model.ProblemType;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.hub.Hub;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.train.ClassWeights;
import dev.galen.train.DataConfig;
import dev.galen.train.PreferenceConfig;
import dev.galen.train.data.ClassCollator;
import dev.galen.train.data.ExampleEncoder;
import dev.galen.train.data.Examples;
import dev.galen.train.data.Packing;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.task.PreferenceTask;
import dev.galen.train.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What no run or measurement can use, refused by the setting's name. */
public final class RunChecks {
  private RunChecks() {}

  /** An adapter's files would take the place of the model's own. */
  static void requireElsewhere(FineTuningSpec spec, SettingNames names) throws IOException {
    if (spec.lora() == null || !Files.exists(spec.output())) {
      return;
    }
    Path directory = Hub.resolve(spec.model().directory());
    if (Files.exists(directory) && Files.isSameFile(directory, spec.output())) {
      throw new IllegalArgumentException(
          "%s is %s, where the model itself lies; an adapter needs a folder of its own"
              .formatted(names.of("out"), spec.output()));
    }
  }

  /** Only labels that are classes can have weights. */
  static void requireClasses(FineTuningSpec spec, Task<?> task, SettingNames names) {
    boolean tokens =
        Generative.class.isAssignableFrom(task.role())
            || MaskedLm.class.isAssignableFrom(task.role());
    ClassWeights weights = spec.training().loss().classWeights();
    if (tokens && !weights.areNone()) {
      throw new IllegalArgumentException(
          "%s is %s, but the labels of %s are tokens, not classes; leave it out"
              .formatted(names.of("class-weights"), weights.text(), task.name()));
    }
  }

  /** Only texts that a classifier reads can have several labels. */
  static void requireLabels(FineTuningSpec spec, Task<?> task, SettingNames names) {
    ClassWeights weights = spec.training().loss().positiveWeights();
    if (!weights.areNone() && task.role() != SequenceClassifier.class) {
      throw new IllegalArgumentException(
          "%s is %s, which is for the classification of texts, not for the task %s; leave it out"
              .formatted(names.of("positive-weights"), weights.text(), task.name()));
    }
  }

  /** Only texts lie side by side. */
  static void requirePacking(FineTuningSpec spec, Task<?> task, SettingNames names) {
    Packing packing = spec.data().packing();
    if (packing != null && (task.role() != CausalLm.class || task instanceof PreferenceTask)) {
      throw new IllegalArgumentException(
          "%s is %s, which is for texts of a language model, not for the task %s; leave it out"
              .formatted(names.of("packing"), packing.word(), task.name()));
    }
  }

  /** An adapter's file has no place for rows that its model lacks. */
  static void requireRowsForTokens(FineTuningSpec spec, SettingNames names) {
    if (spec.lora() != null && !spec.model().newTokens().areNone()) {
      throw new IllegalArgumentException(
          ("%s is %s, but an adapter would not bring the rows of new tokens to its model; give the"
                  + " model the tokens in a run without %s first")
              .formatted(
                  names.of("new-tokens"),
                  String.join(",", spec.model().newTokens().tokens()),
                  names.of("lora")));
    }
  }

  /** A loss of pairs is for pairs, and they are learned without dropout. */
  static void requirePreference(FineTuningSpec spec, Task<?> task, SettingNames names) {
    PreferenceConfig preference = spec.training().loss().preference();
    if (!(task instanceof PreferenceTask)) {
      if (!preference.equals(PreferenceConfig.DPO)) {
        throw new IllegalArgumentException(
            "%s is %s and %s %s, which the task %s does not have; leave them out"
                .formatted(
                    names.of("preference-loss"),
                    preference.words(),
                    names.of("beta"),
                    preference.beta(),
                    task.name()));
      }
      return;
    }
    // Refuses one that the kinds lack.
    preference.objective(spec.training().loss().labelSmoothing());
    Double dropout = spec.model().dropout();
    if (dropout != null && dropout > 0) {
      throw new IllegalArgumentException(
          "%s is %s, must be 0 for the task preference, as the reference has no dropout"
              .formatted(names.of("dropout"), dropout));
    }
    if (spec.lora() != null && spec.lora().dropout() > 0) {
      throw new IllegalArgumentException(
          "%s is %s, must be 0 for the task preference"
              .formatted(names.of("lora-dropout"), spec.lora().dropout()));
    }
  }

  /** Only texts of a language model are cut into windows, and only classes are rare. */
  static void requireUsable(
      DataSource data, Task<?> task, ExampleEncoder encoder, int length, SettingNames names) {
    if (data.stride() != null && !(encoder instanceof SequenceEncoder)) {
      throw new IllegalArgumentException(
          "%s is %d, but the task %s cuts no texts into windows; leave it out"
              .formatted(names.of("stride"), data.stride(), task.name()));
    }
    if (data.stride() != null && data.stride() > length) {
      throw new IllegalArgumentException(
          "%s is %d, must be from 1 to the length, %d"
              .formatted(names.of("stride"), data.stride(), length));
    }
    boolean classes =
        encoder.collator() instanceof ClassCollator collator
            && (collator.classes().problem() == null
                || collator.classes().problem() == ProblemType.SINGLE_LABEL);
    if (data.resample() != Resample.NONE && !classes) {
      throw new IllegalArgumentException(
          "%s is %s, but the rows of the task %s have no class each; leave it out"
              .formatted(names.of("resample"), data.resample().word(), task.name()));
    }
  }

  /** The greatest length of a sequence: what is wanted, or the model's context. */
  static int length(FineTuningSpec spec, SettingNames names) throws IOException {
    return length(
        spec.data().length(),
        RunModel.shape(spec.model(), names),
        spec.model().name(),
        names.of("length"));
  }

  /**
   * The greatest length of a sequence: {@code wanted}, or the model's context if that is null.
   *
   * @param config the model's shape
   * @param model where its config lies, for messages
   * @param setting the name of what is wanted, for messages: {@code --length}
   * @throws IllegalArgumentException if the model cannot take it
   */
  public static int length(Integer wanted, ModelConfig config, String model, String setting) {
    int context = config.contextLength();
    if (context < 2) {
      throw new IllegalArgumentException(
          "%s: n_positions is %d in its config; a context of one token predicts nothing"
              .formatted(model, context));
    }
    int most = config.maxLength();
    if (wanted != null && (wanted < 2 || wanted > most)) {
      throw new IllegalArgumentException(
          "%s is %d, must be %s"
              .formatted(
                  setting,
                  wanted,
                  most == Integer.MAX_VALUE ? "2 or more" : "2 to the model's context of " + most));
    }
    return wanted == null ? context : wanted;
  }

  /**
   * Refuses the first text among {@code examples} if the model in {@code directory} reads none.
   *
   * @param setting the name of what would help, for messages: {@code --tokenizer}
   * @throws IllegalArgumentException naming the text's place
   */
  public static void requireTokenizer(Examples examples, Path directory, String setting)
      throws IOException {
    if (Pretrained.hasTokenizer(directory)) {
      return;
    }
    examples.forEach(
        example -> {
          if (!example.tokenised()) {
            throw new IllegalArgumentException(
                "%s: is text, and %s has no tokenizer; give one with %s DIR, or data with input_ids"
                    .formatted(example.origin(), directory, setting));
          }
        });
  }

  /** An update that accumulates never reaches over the end of a pass. */
  static void requireOnePass(DataConfig data, int sequences, SettingNames names) {
    int batches = Math.ceilDiv(sequences, data.batchSize());
    if (data.accumulate() > batches) {
      throw new IllegalArgumentException(
          "%s is %d, must be at most %d: one pass over the data has %d batches of %d"
              .formatted(
                  names.of("accumulate"), data.accumulate(), batches, batches, data.batchSize()));
    }
  }
}
