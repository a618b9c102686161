/**
 * The report of a run: {@link dev.galen.examples.clinical.report.RunReport} holds sections of
 * blocks, which are values, and {@link dev.galen.examples.clinical.report.ReportWriter} writes them
 * as one HTML file that needs nothing else, and as JSON. {@link
 * dev.galen.examples.clinical.report.ClassifierSections}, {@link
 * dev.galen.examples.clinical.report.RunSections} and {@link
 * dev.galen.examples.clinical.report.Comparison} make the sections that most runs have.
 */
package dev.galen.examples.clinical.report;
