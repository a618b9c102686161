/**
 * OPT, top to bottom.
 *
 * <p>{@link dev.galen.model.opt.Opt} is the trunk with its blocks; {@link
 * dev.galen.model.opt.OptCausalLm} puts a language model's head on it; {@link
 * dev.galen.model.opt.OptConfig} is its shape and {@link dev.galen.model.opt.OptArchitecture}
 * HuggingFace's spelling of it.
 */
package dev.galen.model.opt;
