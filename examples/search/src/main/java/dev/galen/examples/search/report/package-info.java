/**
 * A study for people and programs: {@link dev.galen.examples.search.report.StudyReport} writes a
 * table, JSON lines, the history of the best value and parallel coordinates.
 */
package dev.galen.examples.search.report;
