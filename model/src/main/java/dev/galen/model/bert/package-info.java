/**
 * BERT, and what has its layers, such as BioBERT and ClinicalBERT.
 *
 * <p>{@link dev.galen.model.bert.Bert} is the encoder with its blocks; {@link
 * dev.galen.model.bert.BertMaskedLm}, {@link dev.galen.model.bert.BertClassifier} and {@link
 * dev.galen.model.bert.BertTagger} put heads on it; {@link dev.galen.model.bert.BertConfig} is its
 * shape and {@link dev.galen.model.bert.BertArchitecture} HuggingFace's spelling of it.
 */
package dev.galen.model.bert;
