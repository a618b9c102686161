/**
 * What a model has to beat: the most frequent class ({@link Majority}), a bag of words ({@link
 * BagOfWords}: {@link TfIdf} and {@link LogisticRegression}, its C chosen by cross-validation) and
 * for language models a trigram ({@link KneserNey}). {@link Baselines} measures the classifiers on
 * the same split as a model, and {@link PairedComparison} says in words which is better.
 */
package dev.galen.examples.clinical.baseline;
