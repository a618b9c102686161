/**
 * Words and sentences of clinical text, with their places in it: {@link
 * dev.galen.examples.clinical.text.Words} and {@link dev.galen.examples.clinical.text.Sentences}.
 *
 * <p>{@code Dotted} knows the abbreviations that are written with a dot, {@code Starters} the words
 * that sentences begin with, {@code Lines} what headings and items of lists look like.
 */
package dev.galen.examples.clinical.text;
