package dev.galen.train.run;

import dev.galen.model.Model;
import dev.galen.train.Origins;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.Collator;
import dev.galen.train.data.Example;
import dev.galen.train.data.ExampleEncoder;
import dev.galen.train.data.Examples;
import dev.galen.train.data.LengthSummary;
import dev.galen.train.data.Packing;
import dev.galen.train.data.SequenceEncoder;
import dev.galen.train.data.SequenceEncoding;
import dev.galen.train.data.SequenceOrigins;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.task.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run's data become: sequences to learn and to measure, and what the trained model is asked.
 *
 * @param encoder makes sequences of examples
 * @param train learned
 * @param validation measured; may be empty
 * @param asked the first validation examples that the task wants to see
 * @param shown a few examples to show the model with
 * @param shortened how many of what is learned had to be shortened to the length
 */
record RunSequences(
    ExampleEncoder encoder,
    TokenSequences train,
    TokenSequences validation,
    List<Example> asked,
    List<Example> shown,
    long shortened) {
  private static final int ASKED = 20;
  private static final int SHOWN = 3;

  /** Encodes {@code data} to at most {@code length} tokens a sequence and says what is left out. */
  static RunSequences of(
      RunData data,
      RunModel<?> model,
      Task<?> task,
      FineTuningSpec spec,
      int length,
      SettingNames names,
      RunListener listener)
      throws IOException {
    ExampleEncoder encoder =
        task.encoder(model.config(), model.tokenizer(), model.directory().templates(), length);
    Packing packing = spec.data().packing();
    ExampleEncoder learning =
        packed(task.learning(encoder, spec.model().isPretrained()), packing, model, names);
    Encoded train = encode(data.train(), task, encoder, learning);
    Encoded validation = encode(data.validation(), task, encoder, encoder);
    tellLeftOut(listener, train.leftOut(), "training", length);
    tellLeftOut(listener, validation.leftOut(), "validation", length);
    Collator collator = encoder.collator();
    TokenSequences rows = rows(train.sequences(), packing, length, listener);
    TokenSequences learned = learned(rows, collator, data.source(), listener);
    LengthSummary lengths = LengthSummary.of(packing == null ? learned : train.sequences());
    requireMeasurable(validation.sequences(), collator, data.source());
    tellShortened(listener, lengths, length, model.model().contextLength(), names);
    return new RunSequences(
        encoder,
        learned,
        validation.sequences(),
        validation.asked(),
        validation.first().isEmpty() ? train.first() : validation.first(),
        lengths.shortened());
  }

  /** The encoder of documents that are packed afterwards. */
  private static ExampleEncoder packed(
      ExampleEncoder encoder, Packing packing, RunModel<?> model, SettingNames names) {
    if (packing == null) {
      return encoder;
    }
    boolean apart = packing == Packing.WRAPPED || model.model().keepsDocumentsApart();
    if (!apart || !(encoder instanceof SequenceEncoder texts)) {
      throw new IllegalArgumentException(
          "%s is %s, but a %s does not keep documents apart; leave it out"
              .formatted(
                  names.of("packing"), packing.word(), model.model().getClass().getSimpleName()));
    }
    return texts.withDocumentsFor(packing);
  }

  private static TokenSequences rows(
      TokenSequences documents, Packing packing, int length, RunListener listener) {
    if (packing == null) {
      return documents;
    }
    TokenSequences rows = packing.pack(documents, length);
    long tokens = 0;
    for (int i = 0; i < rows.size(); i++) {
      tokens += rows.length(i);
    }
    listener.onLine(
        "packing",
        String.format(
            Locale.ROOT,
            "%s: %,d documents in %,d rows, %.1f %% of their %d tokens filled",
            packing.word(),
            documents.size(),
            rows.size(),
            100.0 * tokens / Math.max(1, (long) rows.size() * length),
            length));
    return rows;
  }

  /**
   * One part of the data after one pass over it.
   *
   * @param leftOut examples that alone fill the length
   */
  private record Encoded(
      TokenSequences sequences, long leftOut, List<Example> asked, List<Example> first) {}

  private static Encoded encode(
      Examples examples, Task<?> task, ExampleEncoder measure, ExampleEncoder encoder)
      throws IOException {
    SequenceEncoding encoding = encoder.encoding();
    var leftOut = new long[1];
    var asked = new ArrayList<Example>();
    var first = new ArrayList<Example>();
    examples.forEach(
        example -> {
          if (!measure.fits(example)) {
            leftOut[0]++;
            return;
          }
          encoding.add(example);
          if (first.size() < SHOWN) {
            first.add(example);
          }
          if (asked.size() < ASKED && task.isAsked(example)) {
            asked.add(example);
          }
        });
    return new Encoded(encoding.finish(), leftOut[0], asked, first);
  }

  /** The same with the sequences that a task's learner takes. */
  <M extends Model> RunSequences prepared(Task<M> task, Model learner, TrainingConfig config) {
    Collator collator = encoder.collator();
    return new RunSequences(
        encoder,
        task.prepared(learner, config, train, collator),
        task.prepared(learner, config, validation, collator),
        asked,
        shown,
        shortened);
  }

  /**
   * Where training sequences come from: reads and encodes the data once more. Rows of packed
   * documents are not told.
   */
  Origins origins(FineTuningSpec spec, Task<?> task) {
    return spec.data().packing() != null
        ? Origins.UNKNOWN
        : wanted ->
            SequenceOrigins.of(
                wanted,
                train,
                RunData.read(spec.data(), task.schemas(), spec.training().seed()).train(),
                encoder::fits,
                task.learning(encoder, spec.model().isPretrained()));
  }

  private static void tellLeftOut(RunListener listener, long examples, String part, int length) {
    if (examples > 0) {
      listener.onLine(
          "left out", "%d %s questions of %d tokens or more".formatted(examples, part, length));
    }
  }

  private static void tellShortened(
      RunListener listener, LengthSummary lengths, int length, int context, SettingNames names) {
    if (lengths.shortened() == 0) {
      return;
    }
    listener.onLine(
        "shortened",
        String.format(
            Locale.ROOT,
            "%,d of %,d sequences to %d tokens, by %,d tokens at the median and %,d at most; %s",
            lengths.shortened(),
            lengths.sequences(),
            length,
            lengths.median(),
            lengths.most(),
            remedy(lengths, context, names)));
  }

  private static String remedy(LengthSummary lengths, int context, SettingNames names) {
    if (lengths.fitsMost() > context) {
      return String.format(
          Locale.ROOT,
          "99 %% would need %,d, and the model's context is %,d",
          lengths.fitsMost(),
          context);
    }
    return "%s %d keeps 99 %% whole%s"
        .formatted(
            names.of("length"),
            lengths.fitsMost(),
            lengths.fitsAll() > context ? "" : ", " + lengths.fitsAll() + " all");
  }

  /** Refused here: after training it would be too late. */
  private static void requireMeasurable(
      TokenSequences sequences, Collator collator, String source) {
    if (!sequences.isEmpty() && sequences.withLabels(collator).isEmpty()) {
      throw new IllegalArgumentException(
          "nothing to measure in %d validation sequences (%s): none has a second token whose label"
                  .formatted(sequences.size(), source)
              + " is not -100");
    }
  }

  /** What there is to learn from: a batch in which no label counts would end the run. */
  private static TokenSequences learned(
      TokenSequences sequences, Collator collator, String source, RunListener listener) {
    TokenSequences learned = sequences.withLabels(collator);
    if (learned.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing to learn in %d sequences (%s): none has a second token whose label is not -100"
              .formatted(sequences.size(), source));
    }
    if (learned.size() < sequences.size()) {
      listener.onLine(
          "left out", "%d sequences without a label".formatted(sequences.size() - learned.size()));
    }
    return learned;
  }
}
