/**
 * What turns gradients into updates. {@link dev.galen.train.optim.Optimizer} is all that the
 * trainer knows, {@link dev.galen.train.optim.OptimizerSpec} the value of the config that makes
 * one, and {@link dev.galen.train.optim.BlockOptimizer} what {@link dev.galen.train.optim.AdamW},
 * {@link dev.galen.train.optim.Sgd}, the other rules and your own extend; {@link
 * dev.galen.train.optim.Optimizers} has Galen's own by name. {@link
 * dev.galen.train.optim.ParameterGroups} gives some parameters another rate or decay, and {@link
 * dev.galen.train.optim.WeightAverage} keeps an average of the weights. {@link
 * dev.galen.train.optim.MixedPrecision} says what products compute in while a model trains, and
 * {@link dev.galen.train.optim.GradScaler} keeps F16's gradients in range. {@link
 * dev.galen.train.Trainer} puts them together; a loop of one's own can as well.
 */
package dev.galen.train.optim;
