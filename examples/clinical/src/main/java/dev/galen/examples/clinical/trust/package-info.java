/**
 * Why a model says what it says, and how far it can be believed: {@link
 * dev.galen.examples.clinical.trust.Explainer} attributes an output to tokens, by {@link
 * dev.galen.examples.clinical.trust.IntegratedGradients} or {@link
 * dev.galen.examples.clinical.trust.Shapley}; {@link
 * dev.galen.examples.clinical.trust.AttentionMaps} draws what attends to what.
 */
package dev.galen.examples.clinical.trust;
