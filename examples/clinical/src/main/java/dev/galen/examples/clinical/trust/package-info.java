/**
 * Why a model says what it says, and how far it can be believed. {@link
 * dev.galen.examples.clinical.trust.Explainer} attributes an output to tokens; {@link
 * dev.galen.examples.clinical.trust.ErrorAnalysis} and {@link
 * dev.galen.examples.clinical.trust.BiasAudit} measure a classifier; {@link
 * dev.galen.examples.clinical.trust.Faithfulness} checks generated texts; {@link
 * dev.galen.examples.clinical.trust.AnnotationReview} compares annotators; {@link
 * dev.galen.examples.clinical.trust.ModelCard} documents a run. Results become reports of {@code
 * report}.
 */
package dev.galen.examples.clinical.trust;
