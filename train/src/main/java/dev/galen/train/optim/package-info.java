/**
 * What turns gradients into updates: {@link dev.galen.train.optim.AdamW} moves the parameters that
 * are not frozen, {@link dev.galen.train.optim.MixedPrecision} says what products compute in while
 * a model trains, and {@link dev.galen.train.optim.GradScaler} keeps F16's gradients in range.
 * {@link dev.galen.train.Trainer} puts them together; a loop of one's own can as well.
 */
package dev.galen.train.optim;
