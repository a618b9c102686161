package toy;

import dev.galen.model.ClassNames;
import dev.galen.model.ModelConfig;
import dev.galen.model.SequenceClassifier;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.data.ExampleEncoder;
import dev.galen.train.data.Examples;
import dev.galen.train.format.RowSchemas;
import dev.galen.train.task.Task;
import dev.galen.train.task.TaskResult;
import dev.galen.train.task.TrainedModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Learns which readings are high. */
public final class ReadingTask implements Task<SequenceClassifier> {
  @Override
  public String name() {
    return "reading";
  }

  @Override
  public Class<SequenceClassifier> role() {
    return SequenceClassifier.class;
  }

  @Override
  public RowSchemas schemas() {
    return RowSchemas.of(List.of(new ReadingSchema()));
  }

  @Override
  public ModelConfig shape(ModelConfig config, boolean hasHead, Examples train) {
    return config.withClasses(new ClassNames(List.of("low", "high")));
  }

  @Override
  public ExampleEncoder encoder(ModelConfig config, Optional<Tokenizer> tokenizer, int length) {
    return new ReadingEncoder(tokenizer.orElseThrow(), config.vocabularySize(), length);
  }

  @Override
  public String unit() {
    return "reading";
  }

  /** The logits of one text, so that a reloaded model can be held against them. */
  @Override
  public TaskResult measure(TrainedModel<SequenceClassifier> trained) {
    float[] logits = Main.logits(trained.model());
    var figures = new LinkedHashMap<String, Number>();
    figures.put("low", logits[0]);
    figures.put("high", logits[1]);
    return new TaskResult(figures, List.of("measured"), "", List.of(), Map.of());
  }
}
