package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.Optional;
import java.util.stream.LongStream;

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
      Optional<SequenceCache> cache,
      SettingNames names,
      RunListener listener)
      throws IOException {
    ExampleEncoder encoder =
        task.encoder(model.config(), model.tokenizer(), model.directory().templates(), length);
    Packing packing = spec.data().packing();
    ExampleEncoder learning =
        packed(task.learning(encoder, spec.model().isPretrained()), packing, model, names);
    RunChecks.requireUsable(spec.data(), task, encoder, length, names);
    Integer stride = spec.data().stride();
    Encoded train =
        encoded(
            cache,
            "training",
            () -> SequenceCache.settings(model, spec, length),
            data.train(),
            () -> encode(data.train(), task, encoder, learning, stride));
    Encoded validation =
        encoded(
            cache,
            "validation",
            () -> SequenceCache.settings(model, spec, length),
            data.validation(),
            () -> encode(data.validation(), task, encoder, encoder, stride));
    tellLeftOut(listener, train.leftOut(), "training", length);
    tellLeftOut(listener, validation.leftOut(), "validation", length);
    Collator collator = encoder.collator();
    TokenSequences rows = rows(train.sequences(), packing, length, listener);
    TokenSequences learned =
        spec.data()
            .resample()
            .of(learned(rows, collator, data.source(), listener), spec.training().seed());
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
   * @param askedAt where those that are asked stand
   * @param firstAt where the first ones stand
   */
  record Encoded(
      TokenSequences sequences,
      long leftOut,
      List<Example> asked,
      long[] askedAt,
      List<Example> first,
      long[] firstAt) {

    /** All of it but the sequences and the examples, as a cache keeps it. */
    ObjectNode note() {
      ObjectNode note = JsonNodeFactory.instance.objectNode().put("leftOut", leftOut);
      LongStream.of(askedAt).forEach(note.putArray("asked")::add);
      LongStream.of(firstAt).forEach(note.putArray("first")::add);
      return note;
    }

    Encoded with(TokenSequences sequences) {
      return new Encoded(sequences, leftOut, asked, askedAt, first, firstAt);
    }
  }

  private static Encoded encoded(
      Optional<SequenceCache> cache,
      String part,
      SequenceCache.Settings settings,
      Examples examples,
      SequenceCache.Encoding encoding)
      throws IOException {
    return cache.isPresent() && !examples.isEmpty()
        ? cache.get().encoded(part, settings.digest(), examples, encoding)
        : encoding.encode();
  }

  private static Encoded encode(
      Examples examples,
      Task<?> task,
      ExampleEncoder measure,
      ExampleEncoder encoder,
      Integer stride)
      throws IOException {
    SequenceEncoding encoding = encoder.encoding();
    if (stride != null) {
      encoding.withStride(stride);
    }
    var place = new long[1];
    var askedAt = LongStream.builder();
    var firstAt = LongStream.builder();
    var leftOut = new long[1];
    var asked = new ArrayList<Example>();
    var first = new ArrayList<Example>();
    examples.forEach(
        example -> {
          long at = place[0]++;
          if (!measure.fits(example)) {
            leftOut[0]++;
            return;
          }
          encoding.add(example);
          if (first.size() < SHOWN) {
            first.add(example);
            firstAt.add(at);
          }
          if (asked.size() < ASKED && task.isAsked(example)) {
            asked.add(example);
            askedAt.add(at);
          }
        });
    return new Encoded(
        encoding.finish(),
        leftOut[0],
        asked,
        askedAt.build().toArray(),
        first,
        firstAt.build().toArray());
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
        : wanted -> {
          RunData data = RunData.read(spec.data(), task.schemas(), spec.training().seed());
          SequenceEncoding encoding =
              task.learning(encoder, spec.model().isPretrained()).encoding();
          if (spec.data().stride() != null) {
            encoding.withStride(spec.data().stride());
          }
          return SequenceOrigins.of(wanted, train, data.train(), encoder::fits, encoding);
        };
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
