/**
 * Language modelling beside a Kneser-Ney trigram on the same split. Models with different
 * vocabularies are compared by the likelihood of whole texts: {@link
 * dev.galen.examples.clinical.language.TextLikelihood} tells it per token of one tokenizer, which
 * need not be the model's.
 */
package dev.galen.examples.clinical.language;
