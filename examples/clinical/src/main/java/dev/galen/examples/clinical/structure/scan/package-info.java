/**
 * What the scanners of clinical text share: phrases found in one walk over the characters, words
 * and numbers with their places, and lists of phrases that lie beside the classes as resources.
 */
package dev.galen.examples.clinical.structure.scan;
