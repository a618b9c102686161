package dev.galen.model.hf;

import dev.galen.model.ModelConfig;
import java.util.Map;

/**
 * How a directory's files name the parameters of a model.
 *
 * @param config the shape that the files bear out: they may have a head of their own that {@code
 *     config.json} calls tied
 * @param fileNames the name in the files of each path, without tensors that are to be ignored
 * @param <C> the shape
 */
public record TensorNames<C extends ModelConfig>(C config, Map<String, String> fileNames) {}
