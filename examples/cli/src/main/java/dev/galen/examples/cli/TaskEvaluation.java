package dev.galen.examples.cli;

import dev.galen.model.Model;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.train.Evaluator;
import dev.galen.train.MemoryPlan;
import dev.galen.train.NonFiniteException;
import dev.galen.train.data.ExampleEncoder;
import dev.galen.train.data.Examples;
import dev.galen.train.data.SequenceEncoding;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.format.DataFiles;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.task.Task;
import dev.galen.train.task.TaskResult;
import dev.galen.train.task.TrainedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * How well a model does what its task asks.
 *
 * @param loss the mean over all labels
 * @param task what else is measured
 */
record TaskEvaluation(Perplexity loss, TaskResult task) {

  /** Measures the model of {@code options} on the rows of {@code files}. */
  static <M extends Model> TaskEvaluation of(
      Task<M> task, ModelOptions options, List<Path> files, int length, int batch)
      throws IOException {
    Examples examples = DataFiles.examples(files, task.schemas());
    options.requireTokenizer(examples);
    Path directory = options.directory();
    if (!options.hasHead(task.role())) {
      throw new IOException(
          "%s: holds no %s; train one with: galen train --task %s"
              .formatted(
                  directory,
                  task.role() == SequenceClassifier.class ? "classifier" : task.name() + " model",
                  task.name()));
    }
    Pretrained<M> loaded = options.load(task.role());
    M model = loaded.model();
    var tokenizer = options.tokenizer(loaded);
    ExampleEncoder encoder = task.encoder(Architectures.config(model), tokenizer, length);
    SequenceEncoding encoding = encoder.encoding();
    examples.forEach(encoding::add);
    TokenSequences sequences = encoding.finish();
    if (sequences.withLabels(encoder.collator()).isEmpty()) {
      throw new IllegalArgumentException(files.getFirst() + ": no label counts; all are -100");
    }
    MemoryPlan.ofEvaluation(model, MixedPrecision.F32, encoder.collator(), sequences, batch)
        .require();
    Perplexity loss = measure(model, sequences, batch, encoder, directory);
    TaskResult result =
        task.measure(
            new TrainedModel<>(
                model,
                model,
                tokenizer,
                encoder,
                sequences,
                List.of(),
                List.of(),
                batch,
                OptionalInt.empty()));
    return new TaskEvaluation(loss, result);
  }

  private static Perplexity measure(
      Model model, TokenSequences sequences, int batch, ExampleEncoder encoder, Path directory) {
    try {
      return Evaluator.evaluate(model, sequences, batch, encoder.collator());
    } catch (NonFiniteException e) {
      throw new IllegalArgumentException(directory + ": " + e.getMessage(), e);
    }
  }
}
