package dev.galen.model.hf;

import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.random.Philox;
import java.util.List;
import java.util.function.Function;

/**
 * One kind of model of an architecture.
 *
 * @param model its class
 * @param className HuggingFace's, such as {@code GPT2LMHeadModel}
 * @param ownParameters paths of parameters that no other head has; they may be initialised where a
 *     trunk gets this head for the first time
 * @param constructor makes the model
 * @param config the shape of one that was made
 * @param <C> the shape of its models
 * @param <M> the model
 */
public record Head<C extends ModelConfig, M extends Model>(
    Class<M> model,
    String className,
    List<String> ownParameters,
    Constructor<C, M> constructor,
    Function<M, C> config) {

  /** Makes a model of a shape; dropout draws from {@code random}. */
  @FunctionalInterface
  public interface Constructor<C extends ModelConfig, M extends Model> {
    /** The model. */
    M of(C config, Weights weights, Philox random);
  }
}
