/**
 * Takes out of a text what tells whom it is about: the eighteen kinds of identifiers of HIPAA's
 * Safe Harbor (45 CFR 164.514(b)(2)).
 *
 * <p>{@link dev.galen.examples.clinical.deid.IdentifierFinder} finds them by rules over a text's
 * words ({@code Tokens}), what the words are known as ({@code Lexicon}) and patterns; {@link
 * dev.galen.examples.clinical.deid.Deidentifier} replaces them in documents. What a rule finds is
 * an {@link dev.galen.examples.clinical.deid.Identifier}, never a change of the text.
 */
package dev.galen.examples.clinical.deid;
