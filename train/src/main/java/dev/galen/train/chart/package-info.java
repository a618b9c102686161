/**
 * Pictures as SVG, which any browser and any Markdown page shows: {@link
 * dev.galen.train.chart.Chart} draws lines, points and bars over two axes, {@link
 * dev.galen.train.chart.CellChart} a table of shaded cells, {@link dev.galen.train.chart.LossCurve}
 * a training run, {@link dev.galen.train.chart.MetricCharts} what the metrics measure. Drawn here
 * because plot libraries for the JVM draw through AWT, which fails on servers without fonts.
 * Whatever is drawn, NaN or a million points, the picture is valid.
 */
package dev.galen.train.chart;
