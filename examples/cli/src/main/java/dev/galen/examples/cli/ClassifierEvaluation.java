package dev.galen.examples.cli;

import dev.galen.model.SequenceClassifier;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.train.Evaluator;
import dev.galen.train.MemoryPlan;
import dev.galen.train.data.ClassEncoder;
import dev.galen.train.data.Examples;
import dev.galen.train.data.SequenceEncoding;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.format.DataFiles;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.task.ClassificationTask;
import dev.galen.train.task.TaskResult;
import dev.galen.train.task.TrainedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * How well a classifier does.
 *
 * @param loss mean cross-entropy of the right class
 * @param task accuracy and what belongs to it
 */
record ClassifierEvaluation(Perplexity loss, TaskResult task) {

  /** Measures the model of {@code options} on the rows of {@code files}. */
  static ClassifierEvaluation of(ModelOptions options, List<Path> files, int length, int batch)
      throws IOException {
    var task = new ClassificationTask();
    Examples examples = DataFiles.examples(files, task.schemas());
    options.requireTokenizer(examples);
    Path directory = options.directory();
    if (!Pretrained.hasHead(directory, task.role())) {
      throw new IOException(
          directory + ": holds no classifier; train one with: galen train --task classification");
    }
    Pretrained<SequenceClassifier> loaded =
        Pretrained.load(directory, options.device(), task.role());
    SequenceClassifier model = loaded.model();
    var tokenizer = options.tokenizer(loaded);
    ClassEncoder encoder = task.encoder(Architectures.config(model), tokenizer, length);
    SequenceEncoding encoding = encoder.encoding();
    examples.forEach(encoding::add);
    TokenSequences sequences = encoding.finish();
    MemoryPlan.ofEvaluation(model, MixedPrecision.F32, encoder.collator(), sequences, batch)
        .require();
    Perplexity loss = Evaluator.evaluate(model, sequences, batch, encoder.collator());
    TaskResult result =
        task.measure(
            new TrainedModel<>(
                model,
                tokenizer,
                encoder,
                sequences,
                List.of(),
                List.of(),
                batch,
                OptionalInt.empty()));
    return new ClassifierEvaluation(loss, result);
  }
}
