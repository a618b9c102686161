package dev.galen.train.task;

import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.TrainingConfig;
import dev.galen.train.data.Collator;
import dev.galen.train.data.Example;
import dev.galen.train.data.ExampleEncoder;
import dev.galen.train.data.Examples;
import dev.galen.train.data.TokenSequences;
import dev.galen.train.format.RowSchemas;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a model is trained for. A task of another jar is found by {@link java.util.ServiceLoader}
 * under this interface's name.
 *
 * @param <M> the kind of model
 */
public interface Task<M extends Model> {
  /** Its name on the command line and in a run's JSON: {@code classification}. */
  String name();

  /** What its model is, such as {@code SequenceClassifier.class}. */
  Class<M> role();

  /** How rows of data files are read. */
  RowSchemas schemas();

  /**
   * The shape of a model for these data, such as one with their classes.
   *
   * @param config of the model that there is, or is to be made
   * @param hasHead whether a directory has the task's head already
   * @throws IllegalArgumentException if the data do not suit the task
   */
  default ModelConfig shape(ModelConfig config, boolean hasHead, Examples train)
      throws IOException {
    return config;
  }

  /**
   * What makes sequences of examples.
   *
   * @param config the model's shape
   * @param tokenizer the model's, if there is one
   * @param length the greatest length of a sequence
   */
  ExampleEncoder encoder(ModelConfig config, Optional<Tokenizer> tokenizer, int length);

  /**
   * The same where a directory with chat templates may be known, for a task whose rows are
   * conversations.
   *
   * @param templates the directory, of the model or of its tokenizer
   */
  default ExampleEncoder encoder(
      ModelConfig config, Optional<Tokenizer> tokenizer, Optional<Path> templates, int length) {
    return encoder(config, tokenizer, length);
  }

  /**
   * What makes sequences to learn from, where these are others than those that are measured.
   *
   * @param encoder of {@link #encoder}
   * @param pretrained whether the model has learned a language before
   */
  default ExampleEncoder learning(ExampleEncoder encoder, boolean pretrained) {
    return encoder;
  }

  /** Whether {@link #measure} needs to see an example; of those that are, some are kept. */
  default boolean isAsked(Example example) {
    return false;
  }

  /**
   * What the trainer sees of the model: the model itself, or a view of the same parameters with a
   * loss of the task's own.
   *
   * @param config of the run
   */
  default Model learner(M model, TrainingConfig config) {
    return model;
  }

  /**
   * The sequences as the learner takes them, before its first update.
   *
   * @param learner of {@link #learner}, with the weights that it begins with
   * @param sequences of {@link #encoder}
   */
  default TokenSequences prepared(
      Model learner, TrainingConfig config, TokenSequences sequences, Collator collator) {
    return sequences;
  }

  /** What a label of the loss belongs to, in one word: a token or a text. */
  String unit();

  /**
   * The names of all figures that {@link #measure} may give, so that a run or a search that is
   * after another one can be refused before it begins.
   *
   * @return nothing where they are not known before
   */
  default Optional<List<String>> figures() {
    return Optional.empty();
  }

  /** Measures a trained model beyond its loss. */
  TaskResult measure(TrainedModel<M> trained);
}
