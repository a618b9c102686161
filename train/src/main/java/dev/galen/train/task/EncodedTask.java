package dev.galen.train.task;

import dev.galen.model.ClassNames;
import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.TokenClassifier;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.data.EncodedEncoder;
import dev.galen.train.data.EncodedExample;
import dev.galen.train.data.ExampleEncoder;
import dev.galen.train.data.Examples;
import dev.galen.train.format.RowSchemas;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Learns labels of tokens from rows that are encoded already, and is measured by its loss alone.
 *
 * @param name on the command line
 * @param role a {@link dev.galen.model.MaskedLm}, a {@link TokenClassifier} or a {@link Seq2SeqLm}
 */
record EncodedTask<M extends Model>(String name, Class<M> role) implements Task<M> {
  @Override
  public RowSchemas schemas() {
    return RowSchemas.encoded();
  }

  /** A tagger without a head gets as many classes as the largest label says. */
  @Override
  public ModelConfig shape(ModelConfig config, boolean hasHead, Examples train) throws IOException {
    if (hasHead || role != TokenClassifier.class) {
      return config;
    }
    var largest = new double[1];
    train.forEach(
        example -> {
          for (double label : ((EncodedExample) example).labels()) {
            largest[0] = Math.max(largest[0], label);
          }
        });
    return config.withClasses(ClassNames.of((int) largest[0] + 1));
  }

  @Override
  public ExampleEncoder encoder(ModelConfig config, Optional<Tokenizer> tokenizer, int length) {
    int labels = role == TokenClassifier.class ? config.classes().count() : config.vocabularySize();
    return new EncodedEncoder(config, labels, length, role == Seq2SeqLm.class);
  }

  @Override
  public String unit() {
    return "token";
  }

  @Override
  public Optional<List<String>> figures() {
    return Optional.of(List.of());
  }

  @Override
  public TaskResult measure(TrainedModel<M> trained) {
    return new TaskResult(new TreeMap<>(), List.of(), "", List.of(), Map.of());
  }
}
