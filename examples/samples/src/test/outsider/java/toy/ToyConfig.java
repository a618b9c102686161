package toy;

import dev.galen.model.ClassNames;
import dev.galen.model.ModelConfig;
import dev.galen.model.SpecialIds;

/** The shape of a toy. */
public record ToyConfig(
    int vocabularySize, int contextLength, int channels, SpecialIds special, ClassNames classes)
    implements ModelConfig {
  @Override
  public String modelType() {
    return "toy";
  }

  @Override
  public double dropout() {
    return 0;
  }

  @Override
  public double parameterCount() {
    return 2.0 * vocabularySize * channels + (channels + 1.0) * channels;
  }

  @Override
  public ToyConfig withVocabulary(int size, SpecialIds ids) {
    return new ToyConfig(size, contextLength, channels, ids, classes);
  }

  @Override
  public ToyConfig withDropout(double p) {
    return this;
  }

  @Override
  public ToyConfig withClasses(ClassNames names) {
    return new ToyConfig(vocabularySize, contextLength, channels, special, names);
  }
}
