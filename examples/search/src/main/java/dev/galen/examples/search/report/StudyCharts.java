package dev.galen.examples.search.report;

import dev.galen.examples.search.space.Choices;
import dev.galen.examples.search.space.FloatRange;
import dev.galen.examples.search.space.IntRange;
import dev.galen.examples.search.space.Range;
import dev.galen.examples.search.space.Suggestion;
import dev.galen.examples.search.trial.History;
import dev.galen.examples.search.trial.TrialRecord;
import dev.galen.train.chart.Chart;
import dev.galen.train.chart.Colour;
import dev.galen.train.chart.ParallelChart;
import dev.galen.train.chart.ParallelChart.Line;
import dev.galen.train.chart.ParallelChart.Quantity;
import dev.galen.train.chart.ParallelChart.Tick;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Pictures of a study. */
record StudyCharts(History history, String metric) {
  /** Labels along an axis of numbers. */
  private static final int TICKS = 5;

  private List<TrialRecord> complete() {
    return history.trials().stream().filter(TrialRecord::isComplete).toList();
  }

  /** Each trial's value over its number, and the best so far. */
  String overTrials() {
    List<TrialRecord> complete = complete();
    double[] numbers = complete.stream().mapToDouble(TrialRecord::number).toArray();
    double[] values = complete.stream().mapToDouble(TrialRecord::value).toArray();
    double[] best = values.clone();
    for (int i = 1; i < best.length; i++) {
      best[i] = history.direction().isBetter(best[i - 1], best[i]) ? best[i - 1] : best[i];
    }
    return Chart.of("Trials of the search", "trial", metric)
        .counted()
        .add(Chart.Mark.LINE, Colour.VERMILION, "best so far", numbers, best)
        .add(Chart.Mark.POINTS, Colour.BLUE, "complete trials", numbers, values)
        .svg();
  }

  /** A line for each complete trial across its parameters and its value. */
  String acrossParameters() {
    Map<String, Range> ranges = ranges();
    var axes = new ArrayList<Quantity>();
    ranges.forEach((name, range) -> axes.add(new Quantity(name, ticks(range))));
    var sorted = new ArrayList<>(complete());
    sorted.sort(Comparator.comparingDouble(trial -> -history.direction().cost(trial.value())));
    double low = sorted.stream().mapToDouble(TrialRecord::value).min().orElse(0);
    double high = sorted.stream().mapToDouble(TrialRecord::value).max().orElse(1);
    var values = new FloatRange(low, high);
    axes.add(new Quantity(metric, ticks(values)));
    var lines = new ArrayList<Line>();
    for (int i = 0; i < sorted.size(); i++) {
      TrialRecord trial = sorted.get(i);
      var places = new double[axes.size()];
      int a = 0;
      for (var entry : ranges.entrySet()) {
        Suggestion given = trial.parameters().get(entry.getKey());
        places[a++] = given == null ? Double.NaN : place(entry.getValue(), given.number());
      }
      places[a] = place(values, trial.value());
      boolean isBest = i == sorted.size() - 1;
      lines.add(new Line(places, isBest ? 1 : 0.15 + 0.6 * i / sorted.size(), isBest));
    }
    String caption = "a line for each complete trial, the darker the better; the best in red";
    return new ParallelChart("Parameters of the search", caption, axes, lines).svg();
  }

  private Map<String, Range> ranges() {
    var ranges = new LinkedHashMap<String, Range>();
    for (TrialRecord trial : history.trials()) {
      trial.parameters().forEach((name, given) -> ranges.putIfAbsent(name, given.range()));
    }
    return ranges;
  }

  private static boolean isLog(Range range) {
    return range instanceof FloatRange f && f.log() || range instanceof IntRange i && i.log();
  }

  private static double low(Range range) {
    return range.at(0);
  }

  private static double high(Range range) {
    return range.size() == Long.MAX_VALUE ? range.at(1) : range.at(range.size() - 1);
  }

  /** How far along a value lies, from 0 to 1. */
  private static double place(Range range, double value) {
    double low = low(range);
    double high = high(range);
    if (low == high) {
      return 0.5;
    }
    return isLog(range)
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }

  private static List<Tick> ticks(Range range) {
    var ticks = new ArrayList<Tick>();
    if (range instanceof Choices choices) {
      for (int i = 0; i < choices.size(); i++) {
        ticks.add(new Tick(place(range, i), choices.text(i)));
      }
      return ticks;
    }
    double low = low(range);
    double high = high(range);
    for (int i = 0; i < (low == high ? 1 : TICKS); i++) {
      double share = i / (TICKS - 1.0);
      double value = isLog(range) ? low * Math.pow(high / low, share) : low + share * (high - low);
      ticks.add(new Tick(place(range, value), String.format(Locale.ROOT, "%.3g", value)));
    }
    return ticks;
  }
}
