package dev.galen.train.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The rates of a {@link Greedy} run, from metric to metric. */
final class GreedyRates implements Rates {
  /** Numbers of a state before those of the window. */
  private static final int FIXED = 8;

  private final Greedy rule;
  private final double first;
  private final ArrayDeque<Double> window = new ArrayDeque<>();
  private double rate;
  private double best;
  private double sum;
  private long bad;
  private long good;
  private long cooling;
  private long warming;
  private long untilReset;

  GreedyRates(Greedy rule, double peak) {
    this.rule = rule;
    first = peak;
    reset();
  }

  private void reset() {
    rate = first;
    best = rule.goal().worst();
    sum = 0;
    bad = 0;
    good = 0;
    cooling = 0;
    warming = 0;
    untilReset = rule.resetStart();
    window.clear();
  }

  @Override
  public double at(long step) {
    return rate;
  }

  @Override
  public void measured(double metric) {
    double current = rule.window() > 0 ? mean(metric) : metric;
    if (cooling > 0) {
      cooling--;
      bad = 0;
      good = 0;
      return;
    }
    if (warming > 0) {
      warming--;
      bad = 0;
      good = 0;
      return;
    }
    if (rule.goal().isBetter(current, best)) {
      best = current;
      bad = 0;
      good++;
    } else {
      bad++;
      good = 0;
    }
    if (good > rule.patience()) {
      increase();
    } else if (bad > rule.patience()) {
      reduce();
    }
  }

  private double mean(double metric) {
    window.add(metric);
    sum += metric;
    if (window.size() > rule.window()) {
      sum -= window.remove();
    }
    return sum / window.size();
  }

  private void increase() {
    double higher = Math.min(rate / rule.factor(), rule.max());
    rate = higher - rate > rule.epsilon() ? higher : rate;
    untilReset = rule.resetStart();
    warming = rule.warmup();
    good = 0;
  }

  private void reduce() {
    double lower = Math.max(rate * rule.factor(), rule.min());
    rate = rate - lower > rule.epsilon() ? lower : rate;
    if (rate <= rule.min() && --untilReset <= 0) {
      reset();
    }
    cooling = rule.cooldown();
    bad = 0;
  }

  @Override
  public List<Double> state() {
    var state = new ArrayList<Double>();
    state.add(rate);
    state.add(best);
    state.add(sum);
    for (long count : new long[] {bad, good, cooling, warming, untilReset}) {
      state.add((double) count);
    }
    state.addAll(window);
    return state;
  }

  @Override
  public void resumeAt(List<Double> state) {
    Checks.require(state.size() >= FIXED, "the state of greedy", state, "eight numbers or more");
    rate = state.get(0);
    best = state.get(1);
    sum = state.get(2);
    bad = state.get(3).longValue();
    good = state.get(4).longValue();
    cooling = state.get(5).longValue();
    warming = state.get(6).longValue();
    untilReset = state.get(7).longValue();
    window.clear();
    window.addAll(state.subList(FIXED, state.size()));
  }
}
