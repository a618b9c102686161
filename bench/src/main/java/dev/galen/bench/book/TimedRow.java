package dev.galen.bench.book;

import dev.galen.bench.peer.Work;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A row whose figure comes from a clock.
 *
 * @param name the row's
 * @param unit of the figure
 * @param amount what one run does, in the unit's base: tokens, operations, bytes; 1 for times
 * @param cost of one run
 * @param ours does the work
 * @param others do it as well
 */
record TimedRow(
    String name, Unit unit, double amount, Cost cost, Contender ours, List<Contender> others)
    implements Row {

  @Override
  public Measured measure(Interleaved timer) throws IOException {
    var works = new ArrayList<Work>();
    try {
      works.add(ours.source().prepare());
      for (Contender other : others) {
        works.add(other.source().prepare());
      }
      Steal before = Steal.now();
      double[][] seconds = timer.time(works);
      return measured(seconds, Steal.now().since(before));
    } finally {
      for (Work work : works) {
        work.close();
      }
    }
  }

  private Measured measured(double[][] seconds, double steal) {
    double median = Statistics.median(seconds[0]);
    double value = unit.value(amount, median);
    var beside = new ArrayList<Measured.Beside>();
    for (int i = 0; i < others.size(); i++) {
      double[] samples = seconds[i + 1];
      double peerValue = unit.value(amount, Statistics.median(samples));
      beside.add(
          new Measured.Beside(
              others.get(i).name(),
              peerValue,
              Statistics.spread(samples),
              unit.ratio(value, peerValue)));
    }
    return new Measured(
        name, unit, value, Statistics.spread(seconds[0]), steal, cost, median, beside);
  }
}
