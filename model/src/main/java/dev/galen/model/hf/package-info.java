/**
 * What HuggingFace's directories hold, whatever the model.
 *
 * <p>{@link dev.galen.model.hf.Architecture} is what a family of models says of its config, its
 * tensors and its {@link dev.galen.model.hf.Head heads}; {@link dev.galen.model.hf.ConfigJson}
 * reads and writes the fields they share; {@link dev.galen.model.hf.LoadedWeights} takes parameters
 * from files and {@link dev.galen.model.hf.LoadReport} says what became of each; {@link
 * dev.galen.model.hf.ModelDirectory} has what else lies there and lives on; {@link
 * dev.galen.model.hf.GenerationDefaults} how texts are to be continued.
 */
package dev.galen.model.hf;
