/**
 * PubMedQA (Jin, Dhingra, Liu, Cohen and Lu, "PubMedQA: a dataset for biomedical research question
 * answering", EMNLP 2019) by its official protocol. {@link PubMedQa} holds the records, {@link
 * OfficialSplit} the ten folds and the test set, {@link Setting} what a model is shown. {@link
 * Pretraining} makes a small model from public texts, {@link FoldModels} trains a classifier a fold
 * and lets them vote, {@link Verbaliser} asks a language model instead, and {@link PubMedQaRun} is
 * the whole way from a file to a report.
 */
package dev.galen.examples.clinical.pubmedqa;
