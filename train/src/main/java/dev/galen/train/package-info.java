/**
 * Training language models: {@link dev.galen.train.Trainer} is the loop, {@link
 * dev.galen.train.TrainingConfig} says how, {@link dev.galen.train.TrainingListener} hears of it,
 * {@link dev.galen.train.Evaluator} measures the loss and {@link dev.galen.train.AnswerEvaluator}
 * the answers. Data come from {@link dev.galen.train.data}, checkpoints go through {@link
 * dev.galen.train.checkpoint}.
 */
package dev.galen.train;
