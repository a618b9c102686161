/**
 * Text as Python cuts it, for the figures and files that come from Python: {@link
 * dev.galen.train.text.PythonText}. Not exported.
 */
package dev.galen.train.text;
