/**
 * Metrics by name over the rows of a JSON-lines file: what {@code galen score} runs.
 *
 * <ul>
 *   <li>{@code RowMetrics}: the list, each with the options that it takes; {@code ScoreOption}s;
 *   <li>{@code ScoreRows}: a file's rows, by the field names that users of the references write;
 *   <li>inside: {@code TextRows}, {@code ClassRows}, {@code RankRows}, {@code NumberRows} hand rows
 *       to {@code train.metrics}.
 * </ul>
 */
package dev.galen.train.score;
