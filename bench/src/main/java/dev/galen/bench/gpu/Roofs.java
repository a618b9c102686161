package dev.galen.bench.gpu;

import java.util.EnumMap;
import java.util.Map;

/** The GPU's own limits, as this run measured them: the best that any contender reached. */
final class Roofs {
  private final Map<Roof, Double> perSecond = new EnumMap<>(Roof.class);

  /** Takes note of what the row that measures {@code roof} reached. */
  void measured(Roof roof, GpuResult result) {
    double amount = result.row().amount();
    result.figures().stream()
        .filter(GpuResult.Figure::isThere)
        .mapToDouble(figure -> amount / figure.seconds())
        .max()
        .ifPresent(best -> perSecond.put(roof, best));
  }

  /** Bytes or operations per second; NaN where it was not measured. */
  double of(Roof roof) {
    return perSecond.getOrDefault(roof, Double.NaN);
  }
}
